// What the AI SDK makes of a provider, for each package that speaks to one: the same tests for all.

import assert from 'node:assert/strict';
import { APICallError, RetryError, TypeValidationError, generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import {
  ANSWER, CALLS, PIECE, PNG, PNG_TOKENS, PROVIDERS, QUESTION, assertFit, book, brokenAfter, eachProvider, failureOf, sim,
  untilCancelled,
} from './lab.js';

globalThis.AI_SDK_LOG_WARNINGS = false;

const City = z.object({ city: z.string(), day: z.number().nullish() });
const Weather = z.object({ city: z.string(), sunny: z.boolean(), hours: z.array(z.number()), note: z.string().nullable() });

function toolsTelling(told) {
  const execute = name => async input => {
    told.push({ name, arguments: input });
    return `result of ${name}`;
  };
  return Object.fromEntries(
    CALLS.map(({ name }) => [name, tool({ description: 'Tells it.', inputSchema: City, execute: execute(name) })]));
}

/** Reads a stream to its end; gives its parts and what it failed with. */
async function drainedText(options) {
  let failure;
  const result = streamText({ maxRetries: 0, prompt: QUESTION, ...options, onError: ({ error }) => (failure = error) });
  const parts = [];
  try {
    for await (const part of result.fullStream) parts.push(part);
  } catch (error) {
    failure ??= error;
  }
  return { parts, failure, texts: parts.filter(part => part.type === 'text-delta').map(part => part.text) };
}

/** An error record that the SDK hands on as it came is no error yet. */
const asError = failure =>
  failure === undefined || failure instanceof Error ? failure : new Error(JSON.stringify(failure));

const finishOf = parts => parts.findLast(part => part.type === 'finish');

/**
 * Declares the tests.
 *
 * @param modelOf makes a language model of a name
 * @param countsInStreams of which providers the package reads the usage of a stream
 * @param joinsCalls of which providers it puts the parts of a call together
 * @param structures which providers can be asked for a shape by the package
 * @param stepOptions the package's own options for answers of several steps
 */
export function declare(modelOf, { countsInStreams, joinsCalls, structures, stepOptions } = {}) {
  const yes = () => true;
  countsInStreams ??= yes;
  joinsCalls ??= yes;
  structures ??= yes;

  eachProvider('streams every event in order, then its end and its usage', async provider => {
    const { parts, failure, texts } = await drainedText({ model: modelOf(sim(provider, 'events=40,bytes=16,rate=400')) });
    assert.ifError(failure);
    assert.equal(texts.join(''), PIECE.repeat(40));
    assert.equal(finishOf(parts).finishReason, 'stop');
    assert.equal(finishOf(parts).totalUsage.outputTokens, countsInStreams(provider) ? 40 : undefined);
  });

  eachProvider('answers whole, with the usage that was billed', async provider => {
    const answer = await generateText({ model: modelOf(sim(provider, 'events=7,bytes=16')), prompt: QUESTION, maxRetries: 0 });
    assert.equal(answer.text, PIECE.repeat(7));
    assert.equal(answer.finishReason, 'stop');
    assert.equal(answer.usage.outputTokens, 7);
    assert.ok(answer.usage.inputTokens > 0);
  });

  eachProvider('calls tools in parallel and takes their results', async provider => {
    const told = [];
    const model = sim(provider, 'tools=2,events=3');
    const options = { tools: toolsTelling(told), stopWhen: stepCountIs(2), providerOptions: stepOptions };
    const answer = await generateText({ model: modelOf(model), prompt: QUESTION, maxRetries: 0, ...options });
    assert.deepEqual(told, [...CALLS, ...CALLS]);
    assert.equal(answer.finishReason, 'tool-calls');
    assert.equal((await book(model)).completed, 2);
  });

  eachProvider('streams parallel calls and takes their results', async provider => {
    const told = [];
    const model = sim(provider, 'tools=2,events=3');
    const options = { tools: toolsTelling(told), stopWhen: stepCountIs(2), providerOptions: stepOptions };
    const { failure } = await drainedText({ model: modelOf(model), ...options });
    if (!joinsCalls(provider)) {
      assert.ok(TypeValidationError.isInstance(failure), `${failure}`);
      return;
    }
    assert.ifError(failure);
    assert.deepEqual(told, [...CALLS, ...CALLS]);
    assert.equal((await book(model)).completed, 2);
  });

  eachProvider('answers in the shape that was asked for, or says that it cannot', async provider => {
    const answering = generateObject({ model: modelOf(sim(provider, 'json')), prompt: QUESTION, schema: Weather, maxRetries: 0 });
    if (structures(provider)) {
      assert.deepEqual((await answering).object, ANSWER);
      return;
    }
    const error = await failureOf(answering);
    assert.ok(APICallError.isInstance(error));
    assert.equal(error.statusCode, 400);
    assert.match(error.responseBody, /format/);
  });

  eachProvider('hands on an image', async provider => {
    const content = [{ type: 'text', text: QUESTION }, { type: 'image', image: Buffer.from(PNG, 'base64'), mediaType: 'image/png' }];
    const answer = await generateText({
      model: modelOf(sim(provider, 'events=2,bytes=16')), messages: [{ role: 'user', content }], maxRetries: 0,
    });
    assert.equal(answer.text, PIECE.repeat(2));
    assert.ok(answer.usage.inputTokens >= PNG_TOKENS, `${answer.usage.inputTokens}`);
  });

  eachProvider('keeps thoughts apart from the answer', async provider => {
    const { parts, failure, texts } = await drainedText({ model: modelOf(`${provider}/${PROVIDERS[provider].thinks}`) });
    assert.ifError(failure);
    assert.equal(texts.filter(text => text.trim()).length, 6);
    assert.equal(finishOf(parts).finishReason, 'stop');
  });

  eachProvider('raises an error of the call with its status', async provider => {
    for (const [script, status] of [['status=404', 404], ['status=429', 429], ['html', 502]]) {
      const error = await failureOf(generateText({ model: modelOf(sim(provider, script)), prompt: QUESTION, maxRetries: 0 }));
      assert.ok(APICallError.isInstance(error), `${error}`);
      assert.equal(error.statusCode, status);
      assertFit(error.message);
      JSON.parse(error.responseBody);
    }
  });

  eachProvider('asks again when the provider says so', async provider => {
    const model = sim(provider, 'sample=openai-429-rate');
    const begin = performance.now();
    const error = await failureOf(generateText({ model: modelOf(model), prompt: QUESTION, maxRetries: 1 }));
    assert.ok(RetryError.isInstance(error), `${error}`);
    // It heeds no x-should-retry: its own tries and the proxy's multiply, as far as the proxy's are allowed.
    const { requests } = await book(model);
    assert.ok(requests >= 2 && requests <= 6, `${requests}`);
    assert.ok(performance.now() - begin >= 110);
  });

  eachProvider('ends the provider when it leaves in the middle', async provider => {
    const model = sim(provider, 'events=4000,rate=100');
    const abort = new AbortController();
    const result = streamText({ model: modelOf(model), prompt: QUESTION, abortSignal: abort.signal, onError: () => {} });
    const types = [];
    for await (const part of result.fullStream) {
      types.push(part.type);
      if (part.type === 'text-delta') abort.abort();
    }
    assert.ok(!types.includes('finish'));
    await untilCancelled(model);
  });

  for (const fault of ['cut=5', 'close=5', 'end=5', 'error_event=5', 'end=20']) {
    eachProvider(`tells of a stream with ${fault}`, async provider => {
      const { parts } = await brokenAfter(Number(fault.split('=')[1]), async () => {
        const { failure, ...rest } = await drainedText({
          model: modelOf(sim(provider, `events=20,bytes=16,rate=200,${fault}`)),
        });
        return { error: asError(failure), ...rest };
      });
      assert.notEqual(finishOf(parts)?.finishReason, 'stop');
    });
  }
}
