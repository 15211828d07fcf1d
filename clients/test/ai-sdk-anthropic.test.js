// npm ai with @ai-sdk/anthropic.

import { createAnthropic } from '@ai-sdk/anthropic';
import { declare } from '../ai-sdk.js';
import { CALLER_KEY, proxyUrl } from '../lab.js';

const anthropic = createAnthropic({ baseURL: `${proxyUrl()}/v1`, apiKey: CALLER_KEY });
declare(model => anthropic(model));
