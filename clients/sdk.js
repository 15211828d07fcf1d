// What the official SDKs of OpenAI and Anthropic raise, ask again, and end, whatever they ask for; each
// function declares its tests for all five providers.

import assert from 'node:assert/strict';
import {
  assertFit, book, brokenAfter, drained, eachProvider, failureOf, fails, sim, untilAsked, untilCancelled,
} from './lab.js';

// An error in OpenAI's envelope is passed on as it is; the proxy puts the others in its words.
const PASSED_ON = ['openai', 'groq'];
const FAULTS = ['cut=5', 'drop=5', 'close=5', 'end=5', 'stall=5', 'error_event=5', 'end=20'];

/** The provider's errors by their types, in OpenAI's dialects. */
export function raisesOpenAiErrors(OpenAI, { whole, streamed }) {
  const errors = [
    { status: 400, type: OpenAI.BadRequestError, told: 400, code: 'invalid_request_error' },
    { status: 401, type: OpenAI.InternalServerError, told: 502, code: 'upstream_error' },
    { status: 404, type: OpenAI.NotFoundError, told: 404, code: 'model_not_found' },
    { status: 429, type: OpenAI.RateLimitError, told: 429, code: 'rate_limit_exceeded' },
    { status: 500, type: OpenAI.InternalServerError, told: 502, code: 'upstream_error' },
    { status: 529, type: OpenAI.InternalServerError, told: 503, code: 'overloaded' },
  ];
  for (const { status, type, told, code } of errors) {
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
}

/**
 * When the provider is asked again: by the proxy, as far as the provider's successes allow it, and then the SDK is
 * told not to; else by the SDK.
 *
 * @param create asks for a model, with options of the SDK's
 */
export function asksAgain(Sdk, create) {
  eachProvider('asks again after the seconds that the provider names', async provider => {
    const model = sim(provider, 'status=429,retry_after=1');
    const begin = performance.now();
    const error = await failureOf(create(model, { maxRetries: 1 }));
    assert.equal(error.headers.get('retry-after'), '1');
    await assertAskedAgain(model);
    assert.ok(performance.now() - begin >= 950);
  });

  eachProvider('asks again after the milliseconds that the provider names', async provider => {
    const model = sim(provider, 'sample=openai-429-rate');
    const begin = performance.now();
    const error = await failureOf(create(model, { maxRetries: 2 }));
    assert.ok(error instanceof Sdk.RateLimitError);
    assert.equal(error.headers.get('retry-after-ms'), '120');
    await assertAskedAgain(model);
    assert.ok(performance.now() - begin >= 110);
  });

  eachProvider('does not ask again where the provider forbids it', async provider => {
    const model = sim(provider, 'sample=openai-503-do-not-retry');
    const error = await failureOf(create(model, { maxRetries: 3 }));
    assert.equal(error.headers.get('x-should-retry'), 'false');
    assert.equal((await book(model)).requests, 1);
  });
}

async function assertAskedAgain(model) {
  const { requests } = await book(model);
  assert.ok(requests >= 2 && requests <= 3, `${requests}`);
}

/** The provider is ended by a caller who leaves: in the middle of a stream, and before any answer. */
export function endsProvider(Sdk, { create, streamed, textsOf }) {
  eachProvider('ends the provider when it leaves in the middle', async provider => {
    const model = sim(provider, 'events=4000,rate=100');
    const stream = await streamed(model);
    let seen = 0;
    for await (const part of stream) if ((seen += textsOf([part]).length) === 5) stream.controller.abort();
    assert.ok(seen < 4000);
    await untilCancelled(model);
    const silent = sim(provider, 'silent');
    const abort = new AbortController();
    const waiting = failureOf(create(silent, { signal: abort.signal }));
    await untilAsked(silent);
    abort.abort();
    assert.ok((await waiting) instanceof Sdk.APIUserAbortError);
    await untilCancelled(silent);
  });
}

/**
 * Streams that break, by each of `faults`, and one that comes byte by byte.
 *
 * @param isEnd whether a part says that the answer is whole
 */
export function readsStreams({ streamed, textsOf, isEnd, faults = FAULTS }) {
  for (const fault of faults) {
    eachProvider(`raises of a stream with ${fault}, after what came before`, async provider => {
      const { parts } = await brokenAfter(Number(fault.split('=')[1]), async () => {
        const { parts, error } = await drained(streamed(sim(provider, `events=20,bytes=16,rate=200,${fault}`)));
        return { parts, error, texts: textsOf(parts) };
      });
      assert.ok(!parts.some(isEnd));
    });
  }

  eachProvider('reads a stream that comes byte by byte', async provider => {
    const { parts, error } = await drained(streamed(sim(provider, 'words,events=12,dribble')));
    assert.ifError(error);
    assert.match(textsOf(parts).join(''), /^This answer is simulated\./);
  });
}

/** An answer that is no stream: a page in its place, and one that breaks off. */
export function raisesOfBrokenAnswers(whole, codeOf, code) {
  eachProvider('raises an error in JSON of a page', async provider => {
    const error = await failureOf(whole(sim(provider, 'html')));
    assert.equal(error.status, 502);
    assert.equal(codeOf(error), code);
    assertFit(error.message);
  });

  eachProvider('raises of an answer that breaks off', async provider => {
    for (const fault of ['cut=5', 'close=5']) {
      const error = await failureOf(whole(sim(provider, `events=20,bytes=900,${fault}`)));
      assert.equal(error.status, 502);
      assertFit(error.message);
    }
  });
}
