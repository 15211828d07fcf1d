// What every test needs: where the proxy is, which providers there are, what they were asked.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';

/** The providers: a model of each, and a name of one that thinks before it answers. */
export const PROVIDERS = {
  anthropic: { model: 'claude-sonnet-5-5', thinks: 'claude-sonnet-5-5-thinks' },
  openai: { model: 'gpt-6.1-terra', thinks: 'gpt-6.1-thinks' },
  glm: { model: 'glm-5.3', thinks: 'glm-5.3-thinks' },
  groq: { model: 'openai/gpt-oss-120b', thinks: 'gpt-oss-120b-thinks' },
  grok: { model: 'grok-4.7', thinks: 'grok-4.7-thinks' },
};

/** What the tests show the proxy; no provider's key, so none must ever come back. */
export const CALLER_KEY = 'CALLERSECRET-npm';

export const proxyUrl = () => process.env.LLMPROXY_URL;

/** The model of `provider` that plays `script`, with a name that no other test asks for. */
export function sim(provider, script) {
  return `${provider}/sim-${script},id=t${randomBytes(6).toString('hex')}`;
}

const claims = [];
const CLAIMS_AT_ONCE = 3;

/** One test for each provider. They mostly wait, so the tests of a few claims run at once. */
export function eachProvider(claim, body, providers = Object.keys(PROVIDERS)) {
  // The runner goes through a file's suites one by one, but through those of a suite at once.
  if (claims.length === 0) queueMicrotask(declareAll);
  claims.push({ claim, body, providers });
}

function declareAll() {
  describe('every provider', { concurrency: CLAIMS_AT_ONCE }, () => {
    for (const { claim, body, providers } of claims) {
      describe(claim, { concurrency: true }, () => {
        for (const provider of providers) test(`${claim} · ${provider}`, () => body(provider));
      });
    }
  });
}

/** The script of an answer with `status`; xAI tells a wrong key by 400, so it needs another one. */
export function fails(provider, status) {
  return provider === 'grok' && status === 400 ? 'sample=xai-400-arg' : `status=${status}`;
}

/** Whether the provider says nothing when its model declines, and only ends the answer. */
export const endsWhatItDeclines = provider => provider === 'anthropic' || provider === 'glm';

async function books() {
  const response = await fetch(`${process.env.SIMULATE_URL}/books`);
  assert.equal(response.status, 200);
  return response.json();
}

/** What the provider noted of a model; zeros if it was never asked. */
export async function book(model) {
  const none = { requests: 0, completed: 0, cancelled: 0, faulted: 0 };
  return (await books()).models[model] ?? none;
}

const PATIENCE_MILLIS = 5000; // the proxy cancels within 100: this leaves room for a busy machine

async function until(model, field) {
  const begin = performance.now();
  while ((await book(model))[field] === 0) {
    const waited = performance.now() - begin;
    assert.ok(waited < PATIENCE_MILLIS, `${model}: none ${field} in ${JSON.stringify(await book(model))}`);
    await sleep(20);
  }
}

/** Waits until a request has arrived at the provider. */
export const untilAsked = model => until(model, 'requests');

/** Waits until the provider saw its reader go, long before it has said all it has to say. */
export const untilCancelled = model => until(model, 'cancelled');

/** What `promise` is rejected with. */
export async function failureOf(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  return assert.fail(`succeeded with ${JSON.stringify(value)?.slice(0, 500)}`);
}

/** Everything a stream brings, and what it broke with, if it did. */
export async function drained(stream) {
  const parts = [];
  try {
    for await (const part of await stream) parts.push(part);
  } catch (error) {
    return { parts, error };
  }
  return { parts, error: undefined };
}

/**
 * Asks for a stream that breaks after `count` pieces of text; gives the first try that read them all.
 *
 * When a connection breaks Node's client drops what it has and nobody read yet: on a busy machine
 * the last pieces may be lost so, but not each time.
 *
 * @param ask gives `{ texts, error }` and whatever else
 */
export async function brokenAfter(count, ask) {
  let broken;
  for (let attempt = 0; attempt < 3 && broken?.texts.join('') !== PIECE.repeat(count); attempt++) {
    broken = await ask();
    assert.ok(broken.error, 'ended as if it were whole');
    assertFit(broken.error.message);
  }
  assert.equal(broken.texts.join(''), PIECE.repeat(count));
  return broken;
}

/** Fails on a page, and on any of the secrets. */
export function assertFit(text) {
  assert.ok(text, 'the message is empty');
  assert.doesNotMatch(text, /<html|<head|<center|PROVIDERSECRET|CALLERSECRET/i);
}

export const PIECE = 'the answer goes ';

/** The object that a simulated provider answers with when it is asked for JSON. */
export const ANSWER = { city: 'Paris', sunny: true, hours: [9, 12.5], note: null };

/** What the scripts' parallel calls are made of. */
export const CALLS = [
  { name: 'get_weather', arguments: { city: 'Paris' } },
  { name: 'get_time', arguments: { city: 'Paris', day: 1 } },
];

const NOISE = randomBytes(6000);

/** An image of 6 kB, so that its absence shows in the count of the input's tokens. */
export const PNG = Buffer.concat([
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
  NOISE,
]).toString('base64');
export const PNG_URL = `data:image/png;base64,${PNG}`;
/** A token is four bytes to the simulated providers. */
export const PNG_TOKENS = PNG.length / 4;

export const CITY = {
  type: 'object',
  properties: { city: { type: 'string' }, day: { type: ['integer', 'null'] } },
  required: ['city', 'day'],
  additionalProperties: false,
};

export const QUESTION = 'What is the weather in Paris — and “why”? 🇫🇷';
