package io.llmproxy.proxy.config;

import java.util.Collection;
import java.util.Locale;

/// The word a user most likely meant.
final class Suggestion {

  private Suggestion() {}

  /// `; did you mean X?`, or nothing when no known word is near.
  static String of(String word, Collection<String> known) {
    String asked = word.toLowerCase(Locale.ROOT).replace('-', '_');
    String best = "";
    int bestDistance = 1 + Math.max(1, Math.min(3, asked.length() / 3));
    for (String candidate : known) {
      int distance = distance(asked, candidate.replace('-', '_'));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + best + "?";
  }

  /// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
  static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 8) {
      return Integer.MAX_VALUE;
    }
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      rows[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      rows[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        rows[i][j] = cell(rows, a, b, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int cell(int[][] rows, String a, String b, int i, int j) {
    int replace = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(replace, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
  }
}
