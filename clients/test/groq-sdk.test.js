// npm groq-sdk, which asks at /openai/v1/chat/completions.

import assert from 'node:assert/strict';
import Groq from 'groq-sdk';
import {
  CALLER_KEY, CALLS, CITY, PIECE, PNG_TOKENS, PNG_URL, PROVIDERS, QUESTION, assertFit, drained, eachProvider,
  failureOf, proxyUrl, sim,
} from '../lab.js';
import { asksAgain, endsProvider, readsStreams } from '../sdk.js';

const client = new Groq({ baseURL: proxyUrl(), apiKey: CALLER_KEY, maxRetries: 0, timeout: 20_000 });

const asked = (model, more = {}) => ({ model, messages: [{ role: 'user', content: QUESTION }], ...more });
const whole = (model, more) => client.chat.completions.create(asked(model, more));
const streamed = (model, more) => client.chat.completions.create(asked(model, { stream: true, ...more }));
const create = (model, options) => client.chat.completions.create(asked(model), options);
const tools = CALLS.map(({ name }) => ({ type: 'function', function: { name, parameters: CITY } }));
const textsOf = parts => parts.flatMap(part => part.choices).map(choice => choice.delta.content).filter(Boolean);

eachProvider('streams every event in order', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'events=40,bytes=16,rate=400')));
  assert.ifError(error);
  assert.deepEqual(textsOf(parts), Array(40).fill(PIECE));
  // Groq counts in a place of its own, unasked.
  if (provider === 'groq') assert.equal(parts.findLast(part => part.x_groq?.usage).x_groq.usage.completion_tokens, 40);
});

eachProvider('answers whole, with the usage that was billed', async provider => {
  const answer = await whole(sim(provider, 'events=7,bytes=16'));
  assert.equal(answer.choices[0].message.content, PIECE.repeat(7));
  assert.equal(answer.usage.completion_tokens, 7);
});

eachProvider('calls tools in parallel and takes their results', async provider => {
  const { choices: [{ message, finish_reason: finish }] } = await whole(sim(provider, 'tools=2,events=3'), { tools });
  assert.equal(finish, 'tool_calls');
  const calls = message.tool_calls.map(call => ({ name: call.function.name, arguments: JSON.parse(call.function.arguments) }));
  assert.deepEqual(calls, CALLS);
  const results = message.tool_calls.map((call, i) => ({ role: 'tool', tool_call_id: call.id, content: `result ${i}` }));
  const second = await whole(sim(provider, 'events=2,bytes=16'), {
    messages: [{ role: 'user', content: QUESTION }, message, ...results], tools,
  });
  assert.equal(second.choices[0].message.content, PIECE.repeat(2));
});

eachProvider('streams parallel calls with complete arguments', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'tools=2'), { tools }));
  assert.ifError(error);
  const pieces = parts.flatMap(part => part.choices).flatMap(choice => choice.delta.tool_calls ?? []);
  const calls = CALLS.map((_, index) => {
    const own = pieces.filter(piece => piece.index === index);
    const name = own.map(piece => piece.function.name ?? '').join('');
    return { name, arguments: JSON.parse(own.map(piece => piece.function.arguments ?? '').join('')) };
  });
  assert.deepEqual(calls, CALLS);
});

eachProvider('hands on an image', async provider => {
  const content = [{ type: 'text', text: QUESTION }, { type: 'image_url', image_url: { url: PNG_URL } }];
  const answer = await whole(sim(provider, 'events=2'), { messages: [{ role: 'user', content }] });
  assert.ok(answer.usage.prompt_tokens >= PNG_TOKENS);
});

eachProvider('reasons', async provider => {
  const answer = await whole(`${provider}/${PROVIDERS[provider].thinks}`, { reasoning_effort: 'high' });
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.equal(answer.usage.completion_tokens_details?.reasoning_tokens, 4);
});

eachProvider('raises typed errors', async provider => {
  const error = await failureOf(whole(sim(provider, 'sample=openai-429-rate')));
  assert.ok(error instanceof Groq.RateLimitError);
  assertFit(error.message);
  assert.ok((await failureOf(whole(sim(provider, 'sample=openai-503-do-not-retry')))) instanceof Groq.InternalServerError);
  assert.ok((await failureOf(whole(sim(provider, 'status=404')))) instanceof Groq.NotFoundError);
});

asksAgain(Groq, create);
endsProvider(Groq, { create, streamed, textsOf });
readsStreams({ streamed, textsOf, isEnd: part => part.choices.some(choice => choice.finish_reason) });
