/// The five providers, simulated on loopback: same paths, headers, streams, errors; and faults.
///
/// OpenAI and Grok answer Responses too, in which the same scripts play.
///
/// The **model name** of a request is its script. A plain name (`gpt-6.1-terra`) answers a few
/// words in the provider's own shape. `sim-` and a list of `key=value`, parted by commas, sets what
/// follows; `echo` is short for `sim-echo`. A name in a script file stands for the list written
/// there.
///
/// ```
/// model    := "echo" | "sim-" item ("," item)* | NAME
/// item     := KEY "=" VALUE | FLAG
///
/// shape of the answer
///   events=N        content events (10)
///   bytes=SIZE      text in each event (16)
///   words           a sentence instead, a word in each event
///   json            an object in JSON instead, in parts
///   refusal         the model declines to answer, as the provider shows it
///   think=N         reasoning events before them, where the provider shows its reasoning (0)
///   tools=N         N calls of the request's tools, in their order, after the text (which is then
///                   of no events unless events=N is given); their parts are content events too
///   args=empty      those calls have no arguments
///   id=TEXT         the reply's id, in every event
///   finish=WORD     stop, length, tool_calls, or a provider's own word (stop; with tools, tool_calls);
///                   in Responses length and content_filter are incomplete, failed is failed
///   cached=N written=N   tokens of the input read from, written to a cache (0)
///   stamp           each event's text begins `t=NANOS d=NANOS `, 20 digits each: when it was
///                   written and when it was due, on System.nanoTime's clock
///   echo            the text is what arrived, a line each: `sha256 HEX`, `bytes N`, `path PATH`,
///                   `header NAME: VALUE`
///   sample=NAME     a recorded answer, byte for byte: samples/NAME.txt, .json or .http
///   tier=NAME       the service tier that OpenAI's Chat Completions tell (default)
///   shape=WORD      json or stream, whichever of them the request asks for
///   as=MODEL        what the real provider refuses of that model is refused
///
/// time, counted from the request's last byte
///   head=TIME       response head (0)
///   ttft=TIME       first content event (0)
///   rate=N          content events a second (0: all at once)
///
/// faults; N counts content events, `Nb` bytes of the body
///   cut=N           TCP reset (HTTP/1.1) or RST_STREAM (HTTP/2)
///   drop=N          TCP reset, whichever the protocol
///   close=N         FIN in the middle of the body
///   end=N           clean end of the body without the stream's own end
///   stall=N         nothing more, connection open
///   error_event=N   an error record, then the clean end
///   goaway=N        GOAWAY, then on to the end; over HTTP/1.1 the connection closes after it
///   malformed=N     a record that is not JSON, then on; an answer that is sent whole lacks its end
///   halfopen=N      nothing more is sent or read on the whole connection, which stays open
///   status=CODE     an error in the provider's shape; retry_after=SECONDS, retry_after_ms=N and
///                   should_retry=true or false add those headers
///   sse=WORD        how a stream's records are spelled: crlf or cr as line ends; comments or ids
///                   (id and retry lines) in each record; tight, without a space after a field's
///                   name; bom; unnamed, without names of events; unended, without its last
///                   record; json, as application/json
///   reset=head      as cut, before the response's head
///   silent          never answers
///   html            502 with a page
///   endless=SIZE    a stream of one line without its end, so many bytes
///   head_bytes=SIZE so many bytes of header fields more
///   gzip            the body compressed, unasked
///   bait            usage of nothing in the first record, too little in the middle, right at the end
///   context_length  the request is refused as too long, in the provider's own words
///   content_policy  likewise for what it asks
///   quota           likewise as nothing is left to pay it with
///   noprefill       likewise if the conversation ends with the assistant
///   badkey=TEXT     likewise if the credential contains TEXT: it is wrong
///   limitkey=TEXT   likewise: its limit is reached
///   times=N         what stands here under faults, and head and ttft, befalls the first N requests
///                   of each prompt: the last text of the user's. Later ones are answered without
///   for=TIME        likewise all requests within TIME of the model's first one
///   dribble         one byte a write
///   slowread=SIZE   reads the request's body at SIZE a second
///   early           answers without waiting for the body
/// TIME := 250us | 50ms | 2s | 1m     SIZE := 200 | 4KiB | 1MiB
/// ```
///
/// `slowread` and `early` do not pass, and work when `model` stands in the first part of the body
/// that arrives.
///
/// What the real provider refuses is refused, in its words: see `rules`. A name in a script file
/// that is a real model's own goes by that model's rules.
///
/// Usage follows from the request and its script alone: input is a quarter of the body's bytes,
/// output the content events, reasoning the reasoning events.
@NullMarked
package io.llmproxy.bench.simulator;

import org.jspecify.annotations.NullMarked;
