// npm openai, Chat Completions.

import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import {
  ANSWER, CALLER_KEY, CALLS, CITY, PIECE, PNG_TOKENS, PNG_URL, PROVIDERS, QUESTION, book, drained, eachProvider,
  endsWhatItDeclines, failureOf, proxyUrl, sim,
} from '../lab.js';
import { asksAgain, endsProvider, raisesOfBrokenAnswers, raisesOpenAiErrors, readsStreams } from '../sdk.js';

const client = new OpenAI({ baseURL: `${proxyUrl()}/v1`, apiKey: CALLER_KEY, maxRetries: 0, timeout: 20_000 });

const asked = (model, more = {}) => ({ model, messages: [{ role: 'user', content: QUESTION }], ...more });
const whole = (model, more) => client.chat.completions.create(asked(model, more));
const streamed = (model, more) =>
  client.chat.completions.create(asked(model, { stream: true, stream_options: { include_usage: true }, ...more }));
const create = (model, options) => client.chat.completions.create(asked(model), options);

const tools = CALLS.map(({ name }) => ({ type: 'function', function: { name, description: 'Tells it.', parameters: CITY } }));
const textsOf = parts => parts.flatMap(part => part.choices).map(choice => choice.delta.content).filter(Boolean);

eachProvider('streams every event in order, then its end and its usage', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'events=40,bytes=16,rate=400')));
  assert.ifError(error);
  assert.deepEqual(textsOf(parts), Array(40).fill(PIECE));
  const finishes = parts.flatMap(part => part.choices).map(choice => choice.finish_reason).filter(Boolean);
  assert.deepEqual(finishes, ['stop']);
  const usages = parts.filter(part => part.usage).map(part => part.usage);
  assert.equal(usages.length, 1);
  assert.equal(usages[0].completion_tokens, 40);
  assert.equal(usages[0].total_tokens, usages[0].prompt_tokens + 40);
  assert.equal(new Set(parts.map(part => part.id)).size, 1);
});

eachProvider('hides the usage that nobody asked for', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'events=3'), { stream_options: undefined }));
  assert.ifError(error);
  assert.equal(textsOf(parts).length, 3);
  if (provider === 'openai') assert.ok(parts.every(part => !part.usage && part.choices.length === 1));
});

eachProvider('answers whole, with the usage that was billed', async provider => {
  const model = sim(provider, 'events=7,bytes=16');
  const answer = await whole(model);
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.choices[0].message.role, 'assistant');
  assert.equal(answer.choices[0].message.content, PIECE.repeat(7));
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.equal(answer.usage.completion_tokens, 7);
  const billed = await book(model);
  assert.equal(billed.output_tokens, 7);
  assert.equal(answer.usage.prompt_tokens, billed.input_tokens);
});

eachProvider('answers by the name of a real model', async provider => {
  const answer = await whole(PROVIDERS[provider].model);
  assert.ok(answer.choices[0].message.content.length > 0);
  assert.equal(answer.choices[0].finish_reason, 'stop');
});

function assertCalls(message) {
  const calls = message.tool_calls;
  assert.deepEqual(
    calls.map(call => ({ name: call.function.name, arguments: JSON.parse(call.function.arguments) })), CALLS);
  assert.equal(new Set(calls.map(call => call.id)).size, 2);
}

async function assertTakesResults(provider, message) {
  const results = message.tool_calls.map((call, i) => ({ role: 'tool', tool_call_id: call.id, content: `result ${i}` }));
  const messages = [{ role: 'user', content: QUESTION }, message, ...results];
  const second = await whole(sim(provider, 'events=2,bytes=16'), { messages, tools });
  assert.equal(second.choices[0].message.content, PIECE.repeat(2));
}

eachProvider('calls tools in parallel and takes their results', async provider => {
  const answer = await whole(sim(provider, 'tools=2,events=3'), { tools });
  assertCalls(answer.choices[0].message);
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  await assertTakesResults(provider, answer.choices[0].message);
});

eachProvider('streams parallel calls with complete arguments', async provider => {
  const stream = client.chat.completions.stream(asked(sim(provider, 'tools=2,events=3'), { tools }));
  const answer = await stream.finalChatCompletion();
  assertCalls(answer.choices[0].message);
  assert.equal(answer.choices[0].finish_reason, 'tool_calls');
  await assertTakesResults(provider, answer.choices[0].message);
});

eachProvider('runs tools until the model has answered', async provider => {
  const told = [];
  const model = sim(provider, 'tools=1');
  const functionTool = {
    type: 'function',
    function: { name: 'get_weather', parameters: CITY, parse: JSON.parse, function: args => void told.push(args) ?? 'rain' },
  };
  const runner = client.chat.completions.runTools(
    asked(model, { tools: [functionTool], stream: true }), { maxChatCompletions: 2 });
  await runner.done();
  assert.deepEqual(told[0], CALLS[0].arguments);
  assert.equal((await book(model)).requests, 2);
});

const Weather = z.object({ city: z.string(), sunny: z.boolean(), hours: z.array(z.number()), note: z.string().nullable() });
const response_format = zodResponseFormat(Weather, 'weather');

eachProvider('answers in the shape that was asked for, or says that it cannot', async provider => {
  const model = sim(provider, 'json');
  const answering = client.chat.completions.parse(asked(model, { response_format }));
  if (provider === 'glm') {
    const error = await failureOf(answering);
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.match(error.message, /response_format/);
    return;
  }
  const answer = await answering;
  assert.deepEqual(answer.choices[0].message.parsed, ANSWER);
  const stream = client.chat.completions.stream(asked(model, { response_format }));
  assert.deepEqual((await stream.finalChatCompletion()).choices[0].message.parsed, ANSWER);
});

eachProvider('hands on an image', async provider => {
  const content = [{ type: 'text', text: QUESTION }, { type: 'image_url', image_url: { url: PNG_URL } }];
  const messages = [{ role: 'user', content }];
  const { data, response } = await client.chat.completions
    .create(asked(sim(provider, 'events=2'), { messages })).withResponse();
  assert.ok(data.usage.prompt_tokens >= PNG_TOKENS, `${data.usage.prompt_tokens}`);
  assert.equal(response.headers.get('x-llmproxy-dropped'), null);
});

eachProvider('counts reasoning, and shows what is shown of it', async provider => {
  const model = `${provider}/${PROVIDERS[provider].thinks}`;
  const shown = provider !== 'openai';
  const answer = await whole(model, { reasoning_effort: 'high' });
  const message = answer.choices[0].message;
  assert.equal(Boolean(message.reasoning_content ?? message.reasoning), shown);
  assert.ok(message.content.length > 0);
  const { parts, error } = await drained(streamed(model, { reasoning_effort: 'low' }));
  assert.ifError(error);
  const thoughts = parts.flatMap(part => part.choices).map(({ delta }) => delta.reasoning_content ?? delta.reasoning);
  assert.equal(thoughts.filter(text => text?.trim()).length, shown ? 4 : 0);
  assert.equal(textsOf(parts).length, 6);
  const { usage } = parts.findLast(part => part.usage);
  assert.equal(usage.completion_tokens_details?.reasoning_tokens, 4);
});

eachProvider('tells that the model declines', async provider => {
  const model = sim(provider, 'refusal');
  const answer = await whole(model);
  const { message, finish_reason: finish } = answer.choices[0];
  if (endsWhatItDeclines(provider)) assert.equal(finish, 'content_filter');
  else assert.match(message.refusal ?? message.content, /cannot help/);
  const { parts, error } = await drained(streamed(model));
  assert.ifError(error);
  const choices = parts.flatMap(part => part.choices);
  assert.deepEqual(choices.map(choice => choice.finish_reason).filter(Boolean), [finish]);
  const said = choices.map(({ delta }) => delta.refusal ?? delta.content ?? '').join('');
  assert.equal(said, message.refusal ?? message.content ?? '');
});

raisesOpenAiErrors(OpenAI, { whole, streamed });
raisesOfBrokenAnswers(whole, error => error.code, 'upstream_error');
asksAgain(OpenAI, create);
endsProvider(OpenAI, { create, streamed, textsOf });
readsStreams({ streamed, textsOf, isEnd: part => part.choices.some(choice => choice.finish_reason) });

eachProvider('raises NotFoundError of a model nobody has', async provider => {
  const error = await failureOf(whole(`no-${provider}/thing`));
  assert.ok(error instanceof OpenAI.NotFoundError);
  assert.equal(error.code, 'model_not_found');
});

eachProvider('names the field of the wrong kind', async provider => {
  const error = await failureOf(whole(sim(provider, 'events=1'), { stream: 'yes' }));
  assert.ok(error instanceof OpenAI.BadRequestError);
  assert.equal(error.param, 'stream');
});

eachProvider('knows the models', async provider => {
  const { model } = PROVIDERS[provider];
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model), `${ids}`);
  assert.equal((await client.models.retrieve(model)).owned_by, provider);
});
