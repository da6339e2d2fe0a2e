#include <pthread.h>

#include "CImageLibraries.h"
#include "Library.h"

// The interface is that of libwebp 0.5 to 1.x (decode.h): soname 7, whose version of decoding is 0x02….
const char *const thaw_webp_library = "libwebp.so.7";

enum { DECODER_VERSION = 0x0200, STATUS_OK = 0, STATUS_OUT_OF_MEMORY = 1 };

// WebPBitstreamFeatures.
typedef struct {
  int width, height, has_alpha, has_animation, format;
  uint32_t reserved[5];
} features;

static struct {
  int (*get_features)(const uint8_t *bytes, size_t count, features *found, int version);
  uint8_t *(*decode_rgb_into)(const uint8_t *bytes, size_t count, uint8_t *pixels, size_t size, int stride);
} webp;
static const char *const names[] = {"WebPGetFeaturesInternal", "WebPDecodeRGBInto"};
_Static_assert(sizeof webp == sizeof names, "a name for each function");
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

static void load(void) { is_loaded = thaw_load(thaw_webp_library, names, sizeof names / sizeof *names, &webp); }

thaw_image_status thaw_webp_read_header(const uint8_t *bytes, size_t count, thaw_webp_header *header) {
  pthread_once(&once, load);
  if (!is_loaded) return THAW_IMAGE_NO_LIBRARY;
  features found = {0};
  const int status = webp.get_features(bytes, count, &found, DECODER_VERSION);
  if (status == STATUS_OUT_OF_MEMORY) return THAW_IMAGE_NO_MEMORY;
  if (status != STATUS_OK) return THAW_IMAGE_DAMAGED;
  *header = (thaw_webp_header){.height = found.height, .width = found.width, .is_animated = found.has_animation};
  return THAW_IMAGE_READ;
}

thaw_image_status thaw_webp_read_pixels(
  const uint8_t *bytes, size_t count, const thaw_webp_header *header, uint8_t *pixels) {
  const size_t row = 3 * (size_t)header->width;
  return webp.decode_rgb_into(bytes, count, pixels, row * (size_t)header->height, (int)row) ? THAW_IMAGE_READ
                                                                                               : THAW_IMAGE_DAMAGED;
}
