// npm ai with @ai-sdk/groq.

import { createGroq } from '@ai-sdk/groq';
import { declare } from '../ai-sdk.js';
import { CALLER_KEY, proxyUrl } from '../lab.js';

const groq = createGroq({ baseURL: `${proxyUrl()}/openai/v1`, apiKey: CALLER_KEY });
// It does not ask for usage in a stream, and reads it only where Groq tells it unasked.
declare(model => groq(model), { countsInStreams: provider => provider === 'groq', structures: provider => provider !== 'glm' });
