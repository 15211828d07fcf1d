// npm openai, Chat Completions.

import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import {
  ANSWER, CALLER_KEY, CALLS, CITY, PIECE, PNG_TOKENS, PNG_URL, PROVIDERS, QUESTION, assertFit, book, brokenAfter,
  drained, eachProvider, endsWhatItDeclines, failureOf, fails, proxyUrl, sim, untilAsked, untilCancelled,
} from '../lab.js';

const client = new OpenAI({ baseURL: `${proxyUrl()}/v1`, apiKey: CALLER_KEY, maxRetries: 0, timeout: 20_000 });

const asked = (model, more = {}) => ({ model, messages: [{ role: 'user', content: QUESTION }], ...more });
const whole = (model, more) => client.chat.completions.create(asked(model, more));
const streamed = (model, more) =>
  client.chat.completions.create(asked(model, { stream: true, stream_options: { include_usage: true }, ...more }));

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

// An error in the caller's own dialect is passed on as it is; the proxy puts the others in its words.
const PASSED_ON = ['openai', 'groq'];
const ERRORS = [
  { status: 400, type: OpenAI.BadRequestError, told: 400, code: 'invalid_request_error' },
  { status: 401, type: OpenAI.InternalServerError, told: 502, code: 'upstream_error' },
  { status: 404, type: OpenAI.NotFoundError, told: 404, code: 'model_not_found' },
  { status: 429, type: OpenAI.RateLimitError, told: 429, code: 'rate_limit_exceeded' },
  { status: 500, type: OpenAI.InternalServerError, told: 502, code: 'upstream_error' },
  { status: 529, type: OpenAI.InternalServerError, told: 503, code: 'overloaded' },
];

for (const { status, type, told, code } of ERRORS) {
  eachProvider(`raises ${type.name} of the provider's ${status}`, async provider => {
    for (const ask of [whole, streamed]) {
      const error = await failureOf(ask(sim(provider, fails(provider, status))));
      assert.ok(error instanceof type, `${error}`);
      const passedOn = PASSED_ON.includes(provider) && status !== 401;
      assert.equal(error.status, passedOn ? status : told);
      if (!passedOn) assert.equal(error.code, code);
      assertFit(error.message);
      assert.ok(error.error.message && error.error.type, JSON.stringify(error.error));
      assert.ok(error.requestID);
    }
  });
}

eachProvider('raises an error in JSON of a page', async provider => {
  const error = await failureOf(whole(sim(provider, 'html')));
  assert.equal(error.status, 502);
  assert.equal(error.code, 'upstream_error');
  assertFit(error.message);
});

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

eachProvider('asks again after the seconds that the provider names', async provider => {
  const model = sim(provider, 'status=429,retry_after=1');
  const begin = performance.now();
  const error = await failureOf(client.chat.completions.create(asked(model), { maxRetries: 1 }));
  assert.equal(error.headers.get('retry-after'), '1');
  assert.equal((await book(model)).requests, 2);
  assert.ok(performance.now() - begin >= 950);
});

eachProvider('asks again after the milliseconds that the provider names', async provider => {
  const model = sim(provider, 'sample=openai-429-rate');
  const begin = performance.now();
  const error = await failureOf(client.chat.completions.create(asked(model), { maxRetries: 2 }));
  assert.ok(error instanceof OpenAI.RateLimitError);
  assert.equal(error.headers.get('retry-after-ms'), '120');
  assert.equal((await book(model)).requests, 3);
  assert.ok(performance.now() - begin >= 230);
});

eachProvider('does not ask again where the provider forbids it', async provider => {
  const model = sim(provider, 'sample=openai-503-do-not-retry');
  const error = await failureOf(client.chat.completions.create(asked(model), { maxRetries: 3 }));
  assert.equal(error.headers.get('x-should-retry'), 'false');
  assert.equal((await book(model)).requests, 1);
});

eachProvider('ends the provider when it leaves in the middle', async provider => {
  const model = sim(provider, 'events=4000,rate=100');
  const stream = await streamed(model);
  let seen = 0;
  for await (const part of stream) if ((seen += textsOf([part]).length) === 5) stream.controller.abort();
  assert.ok(seen < 4000);
  await untilCancelled(model);
  const silent = sim(provider, 'silent');
  const abort = new AbortController();
  const waiting = failureOf(client.chat.completions.create(asked(silent), { signal: abort.signal }));
  await untilAsked(silent);
  abort.abort();
  assert.ok((await waiting) instanceof OpenAI.APIUserAbortError);
  await untilCancelled(silent);
});

for (const fault of ['cut=5', 'drop=5', 'close=5', 'end=5', 'stall=5', 'error_event=5', 'end=20']) {
  eachProvider(`raises of a stream with ${fault}, after what came before`, async provider => {
    const { parts } = await brokenAfter(Number(fault.split('=')[1]), async () => {
      const { parts, error } = await drained(streamed(sim(provider, `events=20,bytes=16,rate=200,${fault}`)));
      return { parts, error, texts: textsOf(parts) };
    });
    assert.ok(parts.every(part => part.choices.every(choice => !choice.finish_reason)));
  });
}

eachProvider('raises of an answer that breaks off', async provider => {
  for (const fault of ['cut=5', 'close=5']) {
    const error = await failureOf(whole(sim(provider, `events=20,bytes=900,${fault}`)));
    assert.equal(error.status, 502);
    assertFit(error.message);
  }
});

eachProvider('reads a stream that comes byte by byte', async provider => {
  const { parts, error } = await drained(streamed(sim(provider, 'words,events=12,dribble')));
  assert.ifError(error);
  assert.ok(textsOf(parts).join('').startsWith('This answer is simulated.'));
});

eachProvider('knows the models', async provider => {
  const { model } = PROVIDERS[provider];
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model), `${ids}`);
  assert.equal((await client.models.retrieve(model)).owned_by, provider);
});
