// npm ai with @ai-sdk/openai-compatible, told that structured output and usage in streams are to be had.

import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { declare } from '../ai-sdk.js';
import { CALLER_KEY, proxyUrl } from '../lab.js';

const llmproxy = createOpenAICompatible({
  name: 'llmproxy',
  baseURL: `${proxyUrl()}/v1`,
  apiKey: CALLER_KEY,
  includeUsage: true,
  supportsStructuredOutputs: true,
});
declare(model => llmproxy(model), { structures: provider => provider !== 'glm' });
