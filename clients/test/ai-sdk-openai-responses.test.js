// npm ai with @ai-sdk/openai, which asks by Responses unless told otherwise.

import assert from 'node:assert/strict';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, stepCountIs, tool } from 'ai';
import { z } from 'zod';
import { declare } from '../ai-sdk.js';
import { CALLER_KEY, QUESTION, eachProvider, failureOf, proxyUrl, sim } from '../lab.js';

const openai = createOpenAI({ baseURL: `${proxyUrl()}/v1`, apiKey: CALLER_KEY });
// Unless told not to store it refers in the second step to items of the first, which only OpenAI and xAI keep.
declare(model => openai(model), {
  structures: provider => provider !== 'glm',
  stepOptions: { openai: { store: false } },
});

eachProvider('is told what to do where it refers to an item that nobody keeps', async provider => {
  const tools = { get_weather: tool({ inputSchema: z.object({}), execute: async () => 'rain' }) };
  const error = await failureOf(generateText({
    model: openai(sim(provider, 'tools=1,events=2')), prompt: QUESTION, tools, stopWhen: stepCountIs(2), maxRetries: 0,
  }));
  assert.equal(error.statusCode, 400);
  assert.match(error.message, /item_reference.*store: false/);
}, ['anthropic', 'glm', 'groq']);
