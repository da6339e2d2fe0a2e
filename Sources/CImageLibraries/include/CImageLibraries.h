// Image libraries that Thaw uses where they are installed: they are looked for when the first image of their kind is
// read, so that neither building nor running Thaw needs them.
#pragma once
#include <stddef.h>
#include <stdint.h>

// What became of reading an image.
typedef enum {
  THAW_IMAGE_READ = 0,
  // The bytes do not hold together.
  THAW_IMAGE_DAMAGED = 1,
  // The library is not installed.
  THAW_IMAGE_NO_LIBRARY = 2,
  // There is no memory left for it.
  THAW_IMAGE_NO_MEMORY = 3,
} thaw_image_status;

// WebP, by libwebp ----------------------------------------------------------------------------------------------------

// The name that libwebp is looked for by.
extern const char *const thaw_webp_library;

typedef struct {
  int32_t height, width;
  int32_t is_animated;
} thaw_webp_header;

thaw_image_status thaw_webp_read_header(const uint8_t *bytes, size_t count, thaw_webp_header *header);
// Writes height × width pixels, each red, green and blue.
thaw_image_status thaw_webp_read_pixels(
  const uint8_t *bytes, size_t count, const thaw_webp_header *header, uint8_t *pixels);

// JPEG 2000, by OpenJPEG ----------------------------------------------------------------------------------------------

// The name that OpenJPEG is looked for by.
extern const char *const thaw_jpeg2000_library;

// One channel of an image: a sample for each rectangle of step_x × step_y places of the image's grid, row by row.
typedef struct {
  uint32_t step_x, step_y;
  uint32_t width, height;
  uint32_t x, y;
  uint32_t bits, bytes_per_pixel, is_signed;
  uint32_t resolutions, factor;
  // NULL until the pixels are read.
  int32_t *samples;
  // 0: a color; 1, 2: opacity.
  uint16_t alpha;
} thaw_jpeg2000_channel;

typedef struct {
  // The part of the grid that the image takes.
  uint32_t left, top, right, bottom;
  uint32_t channel_count;
  // -1 unknown, 0 not said, 1 RGB, 2 grey, 3 YCbCr, 4 extended YCbCr, 5 CMYK.
  int32_t color_space;
  thaw_jpeg2000_channel *channels;
} thaw_jpeg2000_image;

typedef struct thaw_jpeg2000_reader thaw_jpeg2000_reader;

// Reads what the header says; `bytes` must stay until the reader is closed. Where the status is not THAW_IMAGE_READ
// there is no reader to close.
thaw_image_status thaw_jpeg2000_open(
  const uint8_t *bytes, size_t count, thaw_jpeg2000_reader **reader, const thaw_jpeg2000_image **image);
// Reads the samples of all channels.
thaw_image_status thaw_jpeg2000_read_samples(thaw_jpeg2000_reader *reader);
void thaw_jpeg2000_close(thaw_jpeg2000_reader *reader);
