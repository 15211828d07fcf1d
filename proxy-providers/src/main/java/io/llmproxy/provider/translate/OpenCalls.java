package io.llmproxy.provider.translate;

import java.util.Arrays;

/// The tool calls of a Messages stream that have begun and not ended, by the index of their block;
/// there is hardly ever more than one.
final class OpenCalls {
  static final int NONE = -1;

  private static final byte[] NOTHING = {};

  private long[] blocks = new long[2];
  private int[] calls = new int[2];
  private byte[][] inputs = new byte[2][];
  private boolean[] told = new boolean[2];
  private int open;
  private int count;

  /// A call begins in `block`; `input` is what its arguments are if none follow. Gives the place of
  /// the call among all calls of the answer.
  int begin(long block, byte[] input) {
    if (open == blocks.length) {
      blocks = Arrays.copyOf(blocks, open * 2);
      calls = Arrays.copyOf(calls, open * 2);
      inputs = Arrays.copyOf(inputs, open * 2);
      told = Arrays.copyOf(told, open * 2);
    }
    blocks[open] = block;
    calls[open] = count;
    inputs[open] = input;
    told[open] = false;
    open++;
    return count++;
  }

  /// A piece of the arguments arrives in `block`: the place of its call, [#NONE] for a block that
  /// is no call.
  int grow(long block) {
    int slot = slot(block);
    if (slot < 0) {
      return NONE;
    }
    told[slot] = true;
    return calls[slot];
  }

  boolean isEmpty() {
    return open == 0;
  }

  /// The slot of the call in `block`, negative if there is none.
  int slot(long block) {
    for (int i = open - 1; i >= 0; i--) {
      if (blocks[i] == block) {
        return i;
      }
    }
    return NONE;
  }

  int call(int slot) {
    return calls[slot];
  }

  /// Whether any piece of its arguments has arrived.
  boolean isTold(int slot) {
    return told[slot];
  }

  /// Its arguments, if none arrived.
  byte[] input(int slot) {
    return inputs[slot];
  }

  /// The call has ended.
  void end(int slot) {
    open--;
    blocks[slot] = blocks[open];
    calls[slot] = calls[open];
    inputs[slot] = inputs[open];
    told[slot] = told[open];
    inputs[open] = NOTHING;
  }
}
