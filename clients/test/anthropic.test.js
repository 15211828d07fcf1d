// npm @anthropic-ai/sdk: messages, counting of tokens, models.

import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import {
  ANSWER, CALLER_KEY, CALLS, CITY, PIECE, PNG, PNG_TOKENS, PROVIDERS, QUESTION, assertFit, book, drained,
  eachProvider, endsWhatItDeclines, failureOf, fails, proxyUrl, sim,
} from '../lab.js';
import { asksAgain, endsProvider, raisesOfBrokenAnswers, readsStreams } from '../sdk.js';

const client = new Anthropic({ baseURL: proxyUrl(), apiKey: CALLER_KEY, maxRetries: 0, timeout: 20_000 });

const asked = (model, more = {}) => ({ model, max_tokens: 4000, messages: [{ role: 'user', content: QUESTION }], ...more });
const whole = (model, more) => client.messages.create(asked(model, more));
const streamed = (model, more) => client.messages.create(asked(model, { stream: true, ...more }));
const create = (model, options) => client.messages.create(asked(model), options);

const tools = CALLS.map(({ name }) => ({ name, description: 'Tells it.', input_schema: CITY }));
const textsOf = parts => parts.filter(part => part.delta?.type === 'text_delta').map(part => part.delta.text);
const thoughtsOf = parts => parts.filter(part => part.delta?.type === 'thinking_delta').map(part => part.delta.thinking);
const textOf = message => message.content.filter(block => block.type === 'text').map(block => block.text).join('');

eachProvider('streams every event in order, then its end and its usage', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'events=40,bytes=16,rate=400')));
  assert.ifError(error);
  assert.deepEqual(textsOf(parts), Array(40).fill(PIECE));
  assert.equal(parts[0].type, 'message_start');
  assert.equal(parts[0].message.role, 'assistant');
  assert.equal(parts.at(-1).type, 'message_stop');
  const last = parts.findLast(part => part.type === 'message_delta');
  assert.equal(last.delta.stop_reason, 'end_turn');
  assert.equal(last.usage.output_tokens, 40);
});

eachProvider('streams what the helper puts together', async provider => {
  const stream = client.messages.stream(asked(sim(provider, 'words,events=12')));
  const texts = [];
  stream.on('text', text => texts.push(text));
  const message = await stream.finalMessage();
  assert.equal(texts.length, 12);
  assert.match(textOf(message), /^This answer is simulated\./);
  assert.equal(message.usage.output_tokens, 12);
  assert.ok(message.usage.input_tokens > 0);
});

eachProvider('answers whole, with the usage that was billed', async provider => {
  const model = sim(provider, 'events=7,bytes=16');
  const message = await whole(model);
  assert.equal(message.type, 'message');
  assert.equal(textOf(message), PIECE.repeat(7));
  assert.equal(message.stop_reason, 'end_turn');
  assert.equal(message.usage.output_tokens, 7);
  const billed = await book(model);
  assert.equal(billed.output_tokens, 7);
  assert.equal(message.usage.input_tokens, billed.input_tokens);
});

eachProvider('tells what was read from a cache apart from the rest', async provider => {
  const model = sim(provider, 'events=2,cached=9');
  const { usage } = await whole(model);
  assert.equal(usage.cache_read_input_tokens, 9);
  assert.equal(usage.input_tokens + 9, (await book(model)).input_tokens);
});

function assertCalls(message) {
  const calls = message.content.filter(block => block.type === 'tool_use');
  assert.deepEqual(calls.map(({ name, input }) => ({ name, arguments: input })), CALLS);
  assert.equal(new Set(calls.map(call => call.id)).size, 2);
  assert.equal(message.stop_reason, 'tool_use');
  return calls;
}

async function assertTakesResults(provider, message, model = sim(provider, 'events=2,bytes=16')) {
  const results = assertCalls(message).map(({ id }, i) => ({ type: 'tool_result', tool_use_id: id, content: `result ${i}` }));
  const messages = [
    { role: 'user', content: QUESTION }, { role: 'assistant', content: message.content },
    { role: 'user', content: [...results, { type: 'text', text: 'Go on.' }] }];
  const second = await whole(model, { messages, tools });
  assert.ok(textOf(second).startsWith(PIECE.repeat(2)));
}

eachProvider('calls tools in parallel and takes their results', async provider => {
  await assertTakesResults(provider, await whole(sim(provider, 'tools=2,events=3'), { tools }));
});

eachProvider('streams parallel calls with complete arguments', async provider => {
  const stream = client.messages.stream(asked(sim(provider, 'tools=2,events=3'), { tools }));
  await assertTakesResults(provider, await stream.finalMessage());
});

eachProvider('takes thoughts back beside the calls they led to', async provider => {
  const stream = client.messages.stream(
    asked(sim(provider, `tools=2,think=3,as=${PROVIDERS[provider].model}`), { tools, thinking: { type: 'adaptive' } }));
  await assertTakesResults(provider, await stream.finalMessage(), `${provider}/${PROVIDERS[provider].thinks}`);
});

const Weather = z.object({ city: z.string(), sunny: z.boolean(), hours: z.array(z.number()), note: z.string().nullable() });
const output_config = { format: zodOutputFormat(Weather) };

eachProvider('answers in the shape that was asked for, or says that it cannot', async provider => {
  const model = sim(provider, 'json');
  const answering = client.messages.parse(asked(model, { output_config }));
  if (provider === 'glm') {
    const error = await failureOf(answering);
    assert.ok(error instanceof Anthropic.BadRequestError);
    assert.match(error.message, /output_config\.format/);
    return;
  }
  assert.deepEqual((await answering).parsed_output, ANSWER);
  const stream = client.messages.stream(asked(model, { output_config }));
  assert.deepEqual((await stream.finalMessage()).parsed_output, ANSWER);
});

eachProvider('hands on an image', async provider => {
  const source = { type: 'base64', media_type: 'image/png', data: PNG };
  const content = [{ type: 'text', text: QUESTION }, { type: 'image', source }];
  const { data, response } = await client.messages
    .create(asked(sim(provider, 'events=2'), { messages: [{ role: 'user', content }] })).withResponse();
  assert.ok(data.usage.input_tokens >= PNG_TOKENS, `${data.usage.input_tokens}`);
  assert.equal(response.headers.get('x-llmproxy-dropped'), null);
});

eachProvider('counts reasoning, and shows what is shown of it', async provider => {
  const model = `${provider}/${PROVIDERS[provider].thinks}`;
  const shown = provider !== 'openai';
  const thinking = { type: 'adaptive' };
  const message = await whole(model, { thinking, output_config: { effort: 'high' } });
  assert.equal(message.content[0].type === 'thinking', shown);
  assert.ok(textOf(message).length > 0);
  assert.equal(message.usage.output_tokens, 10);
  const { parts, error } = await drained(streamed(model, { thinking, output_config: { effort: 'low' } }));
  assert.ifError(error);
  assert.equal(thoughtsOf(parts).filter(text => text.trim()).length, shown ? 4 : 0);
  assert.equal(textsOf(parts).length, 6);
  assert.equal(parts.findLast(part => part.type === 'message_delta').usage.output_tokens, 10);
});

eachProvider('takes a budget of thinking where the model does', async provider => {
  const message = await whole(sim(provider, 'think=3,events=2,as=claude-sonnet-4-5'), {
    thinking: { type: 'enabled', budget_tokens: 2000 },
  });
  assert.equal(textOf(message), PIECE.repeat(2));
});

eachProvider('tells that the model declines', async provider => {
  const model = sim(provider, 'refusal');
  const message = await whole(model);
  const openAi = provider === 'openai';
  assert.equal(message.stop_reason, endsWhatItDeclines(provider) || openAi ? 'refusal' : 'end_turn');
  if (!endsWhatItDeclines(provider)) assert.match(textOf(message), /cannot help/);
  const same = await client.messages.stream(asked(model)).finalMessage();
  assert.equal(same.stop_reason, message.stop_reason);
  assert.equal(textOf(same), textOf(message));
});

eachProvider('tells that the answer was cut short', async provider => {
  const model = sim(provider, 'events=5,finish=length');
  assert.equal((await whole(model)).stop_reason, 'max_tokens');
  assert.equal((await client.messages.stream(asked(model)).finalMessage()).stop_reason, 'max_tokens');
});

const ERRORS = [
  { status: 400, type: Anthropic.BadRequestError, told: 400, name: 'invalid_request_error' },
  { status: 401, type: Anthropic.InternalServerError, told: 502, name: 'api_error' },
  { status: 404, type: Anthropic.NotFoundError, told: 404, name: 'not_found_error' },
  { status: 429, type: Anthropic.RateLimitError, told: 429, name: 'rate_limit_error' },
  { status: 500, type: Anthropic.InternalServerError, told: 502, name: 'api_error' },
  { status: 529, type: Anthropic.InternalServerError, told: 529, name: 'overloaded_error' },
];

for (const { status, type, told, name } of ERRORS) {
  eachProvider(`raises ${type.name} of the provider's ${status}`, async provider => {
    for (const ask of [whole, streamed]) {
      const error = await failureOf(ask(sim(provider, fails(provider, status))));
      assert.ok(error instanceof type, `${error}`);
      assert.equal(error.status, provider === 'anthropic' && status === 500 ? 500 : told);
      assert.equal(error.error.type, 'error');
      assert.equal(error.error.error.type, name);
      assertFit(error.message);
      assertFit(error.error.error.message);
      assert.ok(error.requestID);
    }
  });
}

raisesOfBrokenAnswers(whole, error => error.error.error.type, 'api_error');
asksAgain(Anthropic, create);
endsProvider(Anthropic, { create, streamed, textsOf });
readsStreams({ streamed, textsOf, isEnd: part => part.type === 'message_stop' });

eachProvider('raises NotFoundError of a model nobody has', async provider => {
  const error = await failureOf(whole(`no-${provider}/thing`));
  assert.ok(error instanceof Anthropic.NotFoundError);
  assert.equal(error.error.error.type, 'not_found_error');
});

eachProvider('names the field of the wrong kind', async provider => {
  const error = await failureOf(whole(sim(provider, 'events=1'), { stream: 'yes' }));
  assert.ok(error instanceof Anthropic.BadRequestError);
  assert.match(error.message, /stream/);
});

eachProvider('counts tokens, and says where it is an estimate', async provider => {
  const { model } = PROVIDERS[provider];
  const { messages } = asked(model);
  const few = await client.messages.countTokens({ model, messages }).withResponse();
  assert.ok(few.data.input_tokens > 0);
  const estimated = few.response.headers.get('x-llmproxy-token-count') === 'estimated';
  assert.equal(estimated, provider !== 'anthropic');
  const many = await client.messages.countTokens({ model, messages, tools, system: QUESTION.repeat(20) });
  assert.ok(many.input_tokens > few.data.input_tokens + 100);
});

eachProvider('knows the models', async provider => {
  const { model } = PROVIDERS[provider];
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model), `${ids}`);
  assert.equal((await client.models.retrieve(model)).id, model);
});
