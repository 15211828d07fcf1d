// npm openai, Responses.

import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import {
  ANSWER, CALLER_KEY, CALLS, CITY, PIECE, PNG_TOKENS, PNG_URL, PROVIDERS, QUESTION, book, drained, eachProvider,
  endsWhatItDeclines, failureOf, proxyUrl, sim,
} from '../lab.js';
import { asksAgain, endsProvider, raisesOfBrokenAnswers, raisesOpenAiErrors, readsStreams } from '../sdk.js';

const client = new OpenAI({ baseURL: `${proxyUrl()}/v1`, apiKey: CALLER_KEY, maxRetries: 0, timeout: 20_000 });

const asked = (model, more = {}) => ({ model, input: QUESTION, store: false, ...more });
const whole = (model, more) => client.responses.create(asked(model, more));
const streamed = (model, more) => client.responses.create(asked(model, { stream: true, ...more }));
const create = (model, options) => client.responses.create(asked(model), options);

const tools = CALLS.map(({ name }) => ({ type: 'function', name, description: 'Tells it.', parameters: CITY, strict: true }));
const ofType = (parts, type) => parts.filter(part => part.type === type);
const textsOf = parts => ofType(parts, 'response.output_text.delta').map(part => part.delta);

eachProvider('streams every event in order, numbered through, then the whole response', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'events=40,bytes=16,rate=400')));
  assert.ifError(error);
  assert.deepEqual(textsOf(parts), Array(40).fill(PIECE));
  assert.deepEqual(parts.map(part => part.sequence_number), parts.map((_, i) => i));
  assert.deepEqual(parts.slice(0, 2).map(part => part.type), ['response.created', 'response.in_progress']);
  const { type, response } = parts.at(-1);
  assert.equal(type, 'response.completed');
  assert.equal(response.status, 'completed');
  assert.equal(response.usage.output_tokens, 40);
  assert.equal(response.output.findLast(item => item.type === 'message').content[0].text, PIECE.repeat(40));
});

eachProvider('streams what the helper puts together', async provider => {
  const stream = client.responses.stream(asked(sim(provider, 'words,events=12')));
  const response = await stream.finalResponse();
  assert.match(response.output_text, /^This answer is simulated\./);
});

eachProvider('answers whole, with the usage that was billed', async provider => {
  const model = sim(provider, 'events=7,bytes=16');
  const response = await whole(model);
  assert.equal(response.object, 'response');
  assert.equal(response.status, 'completed');
  assert.equal(response.output_text, PIECE.repeat(7));
  assert.equal(response.usage.output_tokens, 7);
  assert.equal(response.usage.total_tokens, response.usage.input_tokens + 7);
  assert.equal((await book(model)).output_tokens, 7);
});

function assertCalls(response) {
  const calls = response.output.filter(item => item.type === 'function_call');
  assert.deepEqual(calls.map(({ name, arguments: text }) => ({ name, arguments: JSON.parse(text) })), CALLS);
  assert.equal(new Set(calls.map(call => call.call_id)).size, 2);
  return calls;
}

async function assertTakesResults(provider, response) {
  const calls = assertCalls(response);
  const results = calls.map(({ call_id }, i) => ({ type: 'function_call_output', call_id, output: `result ${i}` }));
  const items = response.output.map(({ parsed_arguments, ...item }) => item);
  const input = [{ role: 'user', content: QUESTION }, ...items, ...results];
  const second = await whole(sim(provider, 'events=2,bytes=16'), { input, tools });
  assert.equal(second.output_text, PIECE.repeat(2));
}

eachProvider('calls tools in parallel and takes their results', async provider => {
  await assertTakesResults(provider, await whole(sim(provider, 'tools=2,events=3'), { tools }));
});

eachProvider('streams parallel calls with complete arguments', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'tools=2,events=3'), { tools }));
  assert.ifError(error);
  const done = ofType(parts, 'response.function_call_arguments.done').map(part => JSON.parse(part.arguments));
  assert.deepEqual(done, CALLS.map(call => call.arguments));
  for (const part of ofType(parts, 'response.function_call_arguments.done')) {
    const deltas = ofType(parts, 'response.function_call_arguments.delta').filter(delta => delta.item_id === part.item_id);
    assert.equal(deltas.map(delta => delta.delta).join(''), part.arguments);
  }
  await assertTakesResults(provider, parts.at(-1).response);
});

const Weather = z.object({ city: z.string(), sunny: z.boolean(), hours: z.array(z.number()), note: z.string().nullable() });
const text = { format: zodTextFormat(Weather, 'weather') };

eachProvider('answers in the shape that was asked for, or says that it cannot', async provider => {
  const model = sim(provider, 'json');
  const answering = client.responses.parse(asked(model, { text }));
  if (provider === 'glm') {
    const error = await failureOf(answering);
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, 'text.format');
    return;
  }
  assert.deepEqual((await answering).output_parsed, ANSWER);
  const stream = client.responses.stream(asked(model, { text }));
  assert.deepEqual((await stream.finalResponse()).output_parsed, ANSWER);
});

eachProvider('hands on an image', async provider => {
  const content = [{ type: 'input_text', text: QUESTION }, { type: 'input_image', image_url: PNG_URL, detail: 'auto' }];
  const { data, response } = await client.responses
    .create(asked(sim(provider, 'events=2'), { input: [{ role: 'user', content }] })).withResponse();
  assert.ok(data.usage.input_tokens >= PNG_TOKENS, `${data.usage.input_tokens}`);
  assert.doesNotMatch(response.headers.get('x-llmproxy-dropped') ?? '', /input/);
});

eachProvider('counts reasoning, and shows what is shown of it', async provider => {
  const model = `${provider}/${PROVIDERS[provider].thinks}`;
  const response = await whole(model, { reasoning: { effort: 'high', summary: 'auto' } });
  assert.equal(response.output.filter(item => item.type === 'reasoning').length, 1);
  assert.ok(response.output_text.length > 0);
  assert.equal(response.usage.output_tokens_details.reasoning_tokens, 4);
  const { parts, error } = await drained(streamed(model, { reasoning: { effort: 'low', summary: 'auto' } }));
  assert.ifError(error);
  const thoughts = parts.filter(part => /^response\.reasoning.*\.delta$/.test(part.type));
  assert.equal(thoughts.filter(part => part.delta.trim()).length, 4);
  assert.equal(textsOf(parts).length, 6);
  assert.equal(parts.at(-1).response.usage.output_tokens_details.reasoning_tokens, 4);
});

eachProvider('tells that the model declines', async provider => {
  const model = sim(provider, 'refusal');
  const response = await whole(model);
  const said = response.output.flatMap(item => item.content ?? []).map(part => part.refusal ?? part.text).join('');
  if (endsWhatItDeclines(provider)) {
    assert.equal(response.status, 'incomplete');
    assert.equal(response.incomplete_details.reason, 'content_filter');
  } else {
    assert.match(said, /cannot help/);
  }
  const { parts, error } = await drained(streamed(model));
  assert.ifError(error);
  assert.equal(parts.at(-1).response.status, response.status);
  const deltas = parts.filter(part => /\.(output_text|refusal)\.delta$/.test(part.type)).map(part => part.delta);
  assert.equal(deltas.join(''), said);
});

eachProvider('tells that the answer was cut short', async provider => {
  const response = await whole(sim(provider, 'events=5,finish=length'));
  assert.equal(response.status, 'incomplete');
  assert.equal(response.incomplete_details.reason, 'max_output_tokens');
  const { parts, error } = await drained(streamed(sim(provider, 'events=5,finish=length')));
  assert.ifError(error);
  assert.equal(parts.at(-1).type, 'response.incomplete');
});

raisesOpenAiErrors(OpenAI, { whole, streamed });
raisesOfBrokenAnswers(whole, error => error.code, 'upstream_error');
asksAgain(OpenAI, create);
endsProvider(OpenAI, { create, streamed, textsOf });
readsStreams({ streamed, textsOf, isEnd: part => part.type === 'response.completed' });

eachProvider('refuses what needs a store, by the name of the field', async provider => {
  const error = await failureOf(whole(sim(provider, 'events=1'), { previous_response_id: 'resp_1' }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.param, 'previous_response_id');
}, ['anthropic', 'glm', 'groq']);
