// npm ai with @ai-sdk/xai.

import { createXai } from '@ai-sdk/xai';
import { declare } from '../ai-sdk.js';
import { CALLER_KEY, proxyUrl } from '../lab.js';

const xai = createXai({ baseURL: `${proxyUrl()}/v1`, apiKey: CALLER_KEY });
// xAI streams a call in one piece, and its package takes no other: each part has to have a name.
declare(model => xai(model), {
  joinsCalls: provider => provider !== 'anthropic' && provider !== 'openai',
  structures: provider => provider !== 'glm',
});
