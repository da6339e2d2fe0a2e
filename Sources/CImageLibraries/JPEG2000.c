#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "CImageLibraries.h"
#include "Library.h"

// The interface is that of OpenJPEG 2.1 to 2.5 (openjpeg.h): soname 7. The structures in CImageLibraries.h are what its
// opj_image_t and opj_image_comp_t begin with.
const char *const thaw_jpeg2000_library = "libopenjp2.so.7";

enum { CODEC_STREAM = 0, CODEC_FILE = 2, BUFFER = 1 << 16 };

// opj_dparameters_t takes 8,252 bytes; nothing in it is set here but what the library sets itself.
typedef union {
  max_align_t align;
  char bytes[1 << 14];
} parameters;

typedef struct codec codec;
typedef struct stream stream;

static struct {
  stream *(*stream_create)(size_t buffer, int is_input);
  void (*stream_destroy)(stream *);
  void (*stream_set_read)(stream *, size_t (*)(void *, size_t, void *));
  void (*stream_set_skip)(stream *, int64_t (*)(int64_t, void *));
  void (*stream_set_seek)(stream *, int (*)(int64_t, void *));
  void (*stream_set_data)(stream *, void *, void (*)(void *));
  void (*stream_set_length)(stream *, uint64_t);
  codec *(*create)(int format);
  void (*destroy)(codec *);
  void (*set_defaults)(parameters *);
  int (*setup)(codec *, parameters *);
  int (*read_header)(stream *, codec *, thaw_jpeg2000_image **);
  int (*decode)(codec *, stream *, thaw_jpeg2000_image *);
  int (*end)(codec *, stream *);
  void (*image_destroy)(thaw_jpeg2000_image *);
} jpeg;
static const char *const names[] = {
  "opj_stream_create",
  "opj_stream_destroy",
  "opj_stream_set_read_function",
  "opj_stream_set_skip_function",
  "opj_stream_set_seek_function",
  "opj_stream_set_user_data",
  "opj_stream_set_user_data_length",
  "opj_create_decompress",
  "opj_destroy_codec",
  "opj_set_default_decoder_parameters",
  "opj_setup_decoder",
  "opj_read_header",
  "opj_decode",
  "opj_end_decompress",
  "opj_image_destroy",
};
_Static_assert(sizeof jpeg == sizeof names, "a name for each function");
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

static void load(void) { is_loaded = thaw_load(thaw_jpeg2000_library, names, sizeof names / sizeof *names, &jpeg); }

struct thaw_jpeg2000_reader {
  const uint8_t *bytes;
  size_t count, place;
  stream *stream;
  codec *codec;
  thaw_jpeg2000_image *image;
};

static size_t read_bytes(void *target, size_t count, void *data) {
  thaw_jpeg2000_reader *const reader = data;
  const size_t left = reader->count - reader->place;
  if (left == 0) return (size_t)-1;
  if (count > left) count = left;
  memcpy(target, reader->bytes + reader->place, count);
  reader->place += count;
  return count;
}

static int64_t skip_bytes(int64_t count, void *data) {
  thaw_jpeg2000_reader *const reader = data;
  if (count < 0 || (uint64_t)count > reader->count - reader->place) return -1;
  reader->place += (size_t)count;
  return count;
}

static int seek_bytes(int64_t place, void *data) {
  thaw_jpeg2000_reader *const reader = data;
  if (place < 0 || (uint64_t)place > reader->count) return 0;
  reader->place = (size_t)place;
  return 1;
}

thaw_image_status thaw_jpeg2000_open(
  const uint8_t *bytes, size_t count, thaw_jpeg2000_reader **result, const thaw_jpeg2000_image **image) {
  pthread_once(&once, load);
  if (!is_loaded) return THAW_IMAGE_NO_LIBRARY;
  thaw_jpeg2000_reader *const reader = calloc(1, sizeof *reader);
  parameters *const defaults = calloc(1, sizeof *defaults);
  if (reader) {
    reader->bytes = bytes;
    reader->count = count;
    reader->stream = jpeg.stream_create(BUFFER, 1);
    // A bare stream of code begins with its marker, a file with the length of its first box.
    reader->codec = jpeg.create(count > 0 && bytes[0] == 0xff ? CODEC_STREAM : CODEC_FILE);
  }
  if (!reader || !defaults || !reader->stream || !reader->codec) {
    free(defaults);
    thaw_jpeg2000_close(reader);
    return THAW_IMAGE_NO_MEMORY;
  }
  jpeg.stream_set_read(reader->stream, read_bytes);
  jpeg.stream_set_skip(reader->stream, skip_bytes);
  jpeg.stream_set_seek(reader->stream, seek_bytes);
  jpeg.stream_set_data(reader->stream, reader, NULL);
  jpeg.stream_set_length(reader->stream, count);
  jpeg.set_defaults(defaults);
  const int is_read =
    jpeg.setup(reader->codec, defaults) && jpeg.read_header(reader->stream, reader->codec, &reader->image);
  free(defaults);
  if (!is_read) {
    thaw_jpeg2000_close(reader);
    return THAW_IMAGE_DAMAGED;
  }
  *result = reader;
  *image = reader->image;
  return THAW_IMAGE_READ;
}

thaw_image_status thaw_jpeg2000_read_samples(thaw_jpeg2000_reader *reader) {
  return jpeg.decode(reader->codec, reader->stream, reader->image) && jpeg.end(reader->codec, reader->stream)
           ? THAW_IMAGE_READ
           : THAW_IMAGE_DAMAGED;
}

void thaw_jpeg2000_close(thaw_jpeg2000_reader *reader) {
  if (!reader) return;
  if (reader->image) jpeg.image_destroy(reader->image);
  if (reader->codec) jpeg.destroy(reader->codec);
  if (reader->stream) jpeg.stream_destroy(reader->stream);
  free(reader);
}
