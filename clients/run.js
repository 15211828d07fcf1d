// Starts the simulated providers and the proxy before them, runs every test, ends both.
//
// The tests are told where to find them by LLMPROXY_URL, LLMPROXY_ADMIN_URL and SIMULATE_URL.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { PROVIDERS } from './lab.js';

const here = dirname(fileURLToPath(import.meta.url));
const launcher = join(here, '..', 'scripts', 'llmproxy');
const START_MILLIS = 300_000; // the first start builds
const FILE_MILLIS = 120_000;
const FILES_AT_ONCE = 3;

/** A process of the project's own, and what it said on standard output. */
class Child {
  #process;
  #ended;
  #output = '';
  #listeners = [];

  constructor(args, log) {
    this.name = args[0];
    this.log = log;
    this.#process = spawn(launcher, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout.on('data', bytes => {
      // The proxy goes on to write a line for each request.
      if (this.#output.length < 65536) this.#output += bytes;
      this.#listeners.forEach(look => look());
    });
    this.errors = '';
    this.#process.stderr.on('data', bytes => (this.errors = (this.errors + bytes).slice(-16384)));
    this.#ended = new Promise(resolve => this.#process.on('exit', (...how) => resolve(how)));
  }

  /** What `pattern` finds in the output, as soon as it does. */
  says(pattern) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#failure('did not start')), START_MILLIS);
      const look = () => {
        const found = this.#output.match(pattern);
        if (found) {
          clearTimeout(timer);
          resolve(found);
        }
      };
      this.#listeners.push(look);
      this.#ended.then(([code]) => {
        clearTimeout(timer);
        reject(this.#failure(`ended with ${code}`));
      });
      look();
    });
  }

  #failure(what) {
    return new Error(`llmproxy ${this.name} ${what}:\n${this.errors}`);
  }

  async end() {
    this.#process.kill('SIGTERM');
    const late = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await this.#ended;
    clearTimeout(late);
  }
}

function configuration(simulators) {
  const lines = ['llmproxy:', '  listen_addr: "127.0.0.1:0"', '  log_level: "warn"'];
  lines.push('  admin:', '    listen_addr: "127.0.0.1:0"', '  logging:', '    requests: "none"');
  lines.push('  timeouts:', '    idle: 1s', '  shutdown:', '    drain: 1s', '  providers:');
  for (const [provider, { model }] of Object.entries(PROVIDERS)) {
    lines.push(`    ${provider}:`, `      base_url: "${simulators[provider]}"`);
    lines.push(`      api_key: "PROVIDERSECRET-${provider}.abcdefghijklmnopqrstuvwxyz012345"`);
    lines.push('      models:', `        - name: "${model}"`);
  }
  return lines.join('\n') + '\n';
}

function scripts() {
  return Object.values(PROVIDERS)
    .map(({ model, thinks }) => `"${thinks}": "think=4,events=6,as=${model}"\n`)
    .join('');
}

/** Runs one test file; gives how many tests passed and failed, by provider, and what failed. */
async function runFile(file) {
  const cells = new Map();
  const failures = [];
  const count = (event, kind) => {
    if (event.details.type === 'suite' || event.name.endsWith('.test.js')) return;
    const provider = event.name.match(/ · (\w+)$/)?.[1] ?? 'any';
    const cell = cells.get(provider) ?? { passed: 0, failed: 0 };
    cell[kind]++;
    cells.set(provider, cell);
  };
  const stream = run({ files: [file], timeout: FILE_MILLIS });
  stream.on('test:pass', event => count(event, 'passed'));
  stream.on('test:fail', event => {
    count(event, 'failed');
    failures.push(event);
  });
  stream.on('test:stderr', event => process.stderr.write(event.message));
  stream.on('test:stdout', event => process.stderr.write(event.message));
  stream.resume();
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  return { name: basename(file, '.test.js'), cells, failures };
}

/** Runs the test files whose names have all parts of `only`, a few at once. */
async function runTests(only) {
  const files = readdirSync(join(here, 'test'))
    .filter(name => name.endsWith('.test.js') && only.every(part => name.includes(part)));
  const results = [];
  const begin = performance.now();
  const worker = async () => {
    for (let name = files.shift(); name; name = files.shift()) {
      const result = await runFile(join(here, 'test', name));
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      console.log(`${result.name} ${result.failures.length ? 'FAILED' : 'ok'}, ${seconds} s from the start`);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, worker));
  return results;
}

function tellFailure(name, event) {
  const error = event.details.error;
  // A failure within a suite fails the suite and the file too: the innermost tells the cause.
  if (error?.failureType === 'subtestsFailed') return;
  const cause = error?.cause ?? error;
  console.log(`\nFAILED ${name}: ${event.name}\n${cause?.stack ?? cause}`);
}

function tell(results) {
  const columns = [...Object.keys(PROVIDERS), 'any'];
  const total = { passed: 0, failed: 0 };
  for (const { name, failures } of results) failures.forEach(event => tellFailure(name, event));
  console.log(`\n${'tests passed'.padEnd(18)}${columns.map(name => name.padStart(11)).join('')}`);
  for (const { name, cells } of results) {
    const row = columns.map(column => {
      const { passed, failed } = cells.get(column) ?? { passed: 0, failed: 0 };
      total.passed += passed;
      total.failed += failed;
      return (failed ? `${failed} FAILED` : passed || '').toString().padStart(11);
    });
    console.log(name.padEnd(18) + row.join(''));
  }
  // A file may fail without any of its tests: it did not load, or ended early.
  const broken = results.some(({ failures }) => failures.length > 0);
  const failed = broken ? Math.max(1, total.failed) : 0;
  console.log(`\n${total.passed} passed, ${failed} failed`);
  return failed === 0 && total.passed > 0;
}

async function main() {
  const directory = mkdtempSync(join(tmpdir(), 'llmproxy-clients-'));
  const children = [];
  const start = (...args) => {
    const child = new Child(args);
    children.push(child);
    return child;
  };
  const stop = async () => {
    await Promise.all(children.map(child => child.end()));
    rmSync(directory, { recursive: true, force: true });
  };
  for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15]]) {
    process.once(signal, () => stop().then(() => process.exit(128 + number)));
  }
  try {
    const script = join(directory, 'scripts.yaml');
    writeFileSync(script, scripts());
    const simulate = start('simulate', '--listen', '127.0.0.1:0', '--script', script);
    const [said] = await simulate.says(/^(?:simulated .*\n)+simulate ready$/m);
    const simulators = Object.fromEntries(
      [...said.matchAll(/^simulated (\w+) (\S+)$/gm)].map(([, name, url]) => [name, url]));
    const config = join(directory, 'llmproxy.yaml');
    writeFileSync(config, configuration(simulators));
    const serve = start('serve', '--config', config);
    const [, url, admin] = await serve.says(/^llmproxy ready (\S+) admin (\S+)$/m);
    process.env.LLMPROXY_URL = url;
    process.env.LLMPROXY_ADMIN_URL = admin;
    process.env.SIMULATE_URL = new URL(simulators.openai).origin;
    const { version } = JSON.parse(readFileSync(join(here, 'node_modules/openai/package.json')));
    console.log(`clients: node ${process.version}, openai ${version}, the proxy at ${url}`);
    const ok = tell(await runTests(process.argv.slice(2)));
    if (!ok && serve.errors) console.log(`the proxy said:\n${serve.errors}`);
    return ok;
  } finally {
    await stop();
  }
}

process.exitCode = (await main()) ? 0 : 1;
