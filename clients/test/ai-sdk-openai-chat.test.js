// npm ai with @ai-sdk/openai by Chat Completions.

import { createOpenAI } from '@ai-sdk/openai';
import { declare } from '../ai-sdk.js';
import { CALLER_KEY, proxyUrl } from '../lab.js';

const openai = createOpenAI({ baseURL: `${proxyUrl()}/v1`, apiKey: CALLER_KEY });
declare(model => openai.chat(model), { structures: provider => provider !== 'glm' });
