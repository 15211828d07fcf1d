package io.llmproxy.provider.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.llmproxy.provider.json.JsonCursor;
import io.llmproxy.provider.json.JsonWriter;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes the images and files of Chat messages as blocks with a source.
final class Sources {

  private enum Image {
    URL,
    DETAIL
  }

  private enum File {
    FILE_DATA,
    FILE_ID,
    FILENAME
  }

  private static final Set<String> IMAGES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");
  private static final String IMAGE_EXPECTED =
      "an https URL, or a base64 data URL of image/jpeg, image/png, image/gif or image/webp";
  private static final String FILE_EXPECTED =
      "file_data, a base64 data URL of application/pdf or text/plain";

  private final byte[] body;
  private final Findings findings;
  private final ByteBuf bytes;
  private final JsonCursor cursor = new JsonCursor();
  private final Members<Image> image = new Members<>(Image.class);
  private final Members<File> file = new Members<>(File.class);

  /// Borrows `bytes`, which all that is written goes to.
  Sources(ChatRequest request, ByteBuf bytes) {
    this.body = request.body();
    this.findings = request.findings();
    this.bytes = bytes;
  }

  /// Writes the value of an `image_url` at `from`: an object, or, as some callers have it, the URL
  /// itself.
  void image(Blocks blocks, int from, String field) {
    if (body[from] == '"') {
      cursor.reset(body, from, body.length);
      cursor.readString();
      image(blocks, cursor.stringFrom(), cursor.stringTo(), field);
      return;
    }
    image.read(body, from, body.length);
    if (image.has(Image.DETAIL)) {
      findings.drop("image_url.detail");
    }
    if (image.isString(Image.URL)) {
      image(blocks, image.insideFrom(Image.URL), image.insideTo(Image.URL), field);
    } else {
      findings.refuse(field, "an image_url without a url", IMAGE_EXPECTED);
    }
  }

  /// Writes the `file` object at `from`.
  void file(Blocks blocks, int from, String field) {
    file.read(body, from, body.length);
    DataUrl url =
        file.isString(File.FILE_DATA)
            ? DataUrl.of(body, file.insideFrom(File.FILE_DATA), file.insideTo(File.FILE_DATA))
            : null;
    if (url == null) {
      findings.refuse(field, file.has(File.FILE_ID) ? "a file_id" : "a file", FILE_EXPECTED);
      return;
    }
    switch (url.mediaType()) {
      case "application/pdf" -> {
        JsonWriter out = blocks.block("document");
        base64(out, url, file.insideTo(File.FILE_DATA), url.mediaType());
        title(out);
      }
      case "text/plain" -> plainText(blocks, url, field);
      default -> findings.refuse(field, "a file of " + url.mediaType(), FILE_EXPECTED);
    }
  }

  private void image(Blocks blocks, int from, int to, String field) {
    DataUrl url = DataUrl.of(body, from, to);
    if (url != null) {
      // Not a registered type, and yet a frequent one.
      String type = url.mediaType().equals("image/jpg") ? "image/jpeg" : url.mediaType();
      if (IMAGES.contains(type)) {
        base64(blocks.block("image"), url, to, type);
      } else {
        findings.refuse(field, "an image of " + type, IMAGE_EXPECTED);
      }
    } else if (startsWith("https:", from, to)) {
      JsonWriter out = blocks.block("image").name("source").startObject();
      out.name("type").string("url").name("url").escaped(body, from, to).endObject();
    } else {
      findings.refuse(field, "an image_url of another kind", IMAGE_EXPECTED);
    }
  }

  private void base64(JsonWriter out, DataUrl url, int to, String mediaType) {
    out.name("source").startObject().name("type").string("base64");
    out.name("media_type").string(mediaType).name("data").openString();
    JsonStrings.writeWithoutBlanks(bytes, body, url.dataFrom(), to);
    out.closeString().endObject();
  }

  private void plainText(Blocks blocks, DataUrl url, String field) {
    String text = decoded(url.dataFrom(), file.insideTo(File.FILE_DATA));
    if (text == null) {
      findings.refuse(field, "a text/plain file that is no UTF-8 in base64", FILE_EXPECTED);
      return;
    }
    JsonWriter out = blocks.block("document");
    out.name("source").startObject().name("type").string("text");
    out.name("media_type").string("text/plain").name("data").string(text).endObject();
    title(out);
  }

  private void title(JsonWriter out) {
    if (file.hasText(File.FILENAME)) {
      int from = file.insideFrom(File.FILENAME);
      out.name("title").escaped(body, from, file.insideTo(File.FILENAME));
    }
  }

  private @Nullable String decoded(int from, int to) {
    try {
      byte[] text = Base64.getMimeDecoder().decode(JsonStrings.unescapedBytes(body, from, to));
      String decoded = new String(text, UTF_8);
      // What is no UTF-8 does not come back as it was.
      return Arrays.equals(decoded.getBytes(UTF_8), text) ? decoded : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private boolean startsWith(String plain, int from, int to) {
    if (to - from < plain.length()) {
      return false;
    }
    for (int i = 0; i < plain.length(); i++) {
      if (body[from + i] != plain.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
