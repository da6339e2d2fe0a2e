// What ThawKernels uses of oneDNN, in C: primitives made once for their shapes, run any number of times from any thread.
// Nothing throws across this border: a function that fails says so in its status. Without THAW_ONEDNN there is nothing
// behind these declarations.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define THAW_DNNL_MAXIMUM_RANK 12

typedef struct thaw_dnnl thaw_dnnl;

// Elements by ONNX's number for their type; strides count elements. A rank of 0: absent. A block of 8 or 16: that many
// channels lie together, behind the spatial axes, and strides do not count.
typedef struct {
  int32_t dtype;
  int32_t rank;
  int32_t block;
  int64_t dims[THAW_DNNL_MAXIMUM_RANK];
  int64_t strides[THAW_DNNL_MAXIMUM_RANK];
} thaw_dnnl_tensor;

typedef struct {
  int32_t failed;
  char message[256];
} thaw_dnnl_status;

enum { THAW_DNNL_NO_ACTIVATION, THAW_DNNL_GELU, THAW_DNNL_GELU_TANH, THAW_DNNL_PRODUCT_RELU };

// Operands at execution: left, right, bias, addend if there is one, out.
// out = activation(scale (left right + bias) + addend). Packed, right is what the packing of the same request made.
typedef struct {
  thaw_dnnl_tensor left, right, bias, addend, out;
  float scale;
  int32_t activation, packed;
} thaw_dnnl_product;
thaw_dnnl *thaw_dnnl_create_product(const thaw_dnnl_product *request, int32_t threads, thaw_dnnl_status *status);
// Operands at execution: right, and right in the order in which the product reads it, of thaw_dnnl_output_size bytes.
// Refused where that is the order in which it lies.
thaw_dnnl *thaw_dnnl_create_product_packing(const thaw_dnnl_product *request, int32_t threads,
                                            thaw_dnnl_status *status);

enum { THAW_DNNL_FORWARD, THAW_DNNL_INPUT_GRADIENT, THAW_DNNL_WEIGHT_GRADIENT };
enum { THAW_DNNL_DIRECT, THAW_DNNL_AUTO, THAW_DNNL_WINOGRAD };

// What a forward convolution does with each result, in order. SUM adds what y held before.
enum {
  THAW_DNNL_SUM, THAW_DNNL_RELU, THAW_DNNL_CLIP, THAW_DNNL_HARD_SWISH, THAW_DNNL_SIGMOID, THAW_DNNL_TANH,
};
typedef struct {
  int32_t function;
  float lower, upper;  // of CLIP
} thaw_dnnl_tail;
#define THAW_DNNL_MAXIMUM_TAILS 4

// Operands at execution: forward x, w, bias, y; inputGradient dy, w, dx; weightGradient x, dy, dw. With groups w has
// them as its first axis; packed, it is what the packing of the same request made. Only oneDNN 2 has Winograd.
typedef struct {
  int32_t direction, algorithm, packed, tail_count;
  thaw_dnnl_tail tails[THAW_DNNL_MAXIMUM_TAILS];
  thaw_dnnl_tensor x, w, bias, y;
  int64_t strides[3], dilations[3], pads_begin[3], pads_end[3];  // dilation 1: neighbours
} thaw_dnnl_convolution;
thaw_dnnl *thaw_dnnl_create_convolution(const thaw_dnnl_convolution *request, int32_t threads,
                                        thaw_dnnl_status *status);

// Operands at execution: w, and w in the order in which the convolution reads it, of thaw_dnnl_output_size bytes.
thaw_dnnl *thaw_dnnl_create_convolution_packing(const thaw_dnnl_convolution *request, int32_t threads,
                                                thaw_dnnl_status *status);
// How many channels lie together where the library convolves fastest; 0 where that is not in blocks.
int32_t thaw_dnnl_preferred_block(void);

enum { THAW_DNNL_MAXIMUM, THAW_DNNL_AVERAGE, THAW_DNNL_AVERAGE_WITH_PADDING };

// Operands at execution: x, y; backward, of averages only, dy, dx.
typedef struct {
  int32_t function, backward;
  thaw_dnnl_tensor x, y;
  int64_t kernel[3], strides[3], dilations[3], pads_begin[3], pads_end[3];
} thaw_dnnl_pooling;
thaw_dnnl *thaw_dnnl_create_pooling(const thaw_dnnl_pooling *request, int32_t threads, thaw_dnnl_status *status);

// mode: of BatchNormalizationMode; the operands are the request's.
typedef struct {
  int32_t mode;
  thaw_dnnl_tensor x;  // batch, channels, spatial
  float epsilon;
} thaw_dnnl_batch_normalization;
thaw_dnnl *thaw_dnnl_create_batch_normalization(const thaw_dnnl_batch_normalization *request, int32_t threads,
                                                thaw_dnnl_status *status);

// The operands are those of LayerNormalizationRequest.
typedef struct {
  int32_t backward, has_bias;
  thaw_dnnl_tensor x;  // rows, columns
  float epsilon;
} thaw_dnnl_layer_normalization;
thaw_dnnl *thaw_dnnl_create_layer_normalization(const thaw_dnnl_layer_normalization *request, int32_t threads,
                                                thaw_dnnl_status *status);

// Operands at execution: x, y; backward dy, y, dx.
typedef struct {
  int32_t is_log, backward;
  thaw_dnnl_tensor x;  // outer, length, inner
} thaw_dnnl_softmax;
thaw_dnnl *thaw_dnnl_create_softmax(const thaw_dnnl_softmax *request, int32_t threads, thaw_dnnl_status *status);

void thaw_dnnl_execute(const thaw_dnnl *primitive, void *const *operands, void *scratch, thaw_dnnl_status *status);
int64_t thaw_dnnl_scratch_size(const thaw_dnnl *primitive);
int64_t thaw_dnnl_output_size(const thaw_dnnl *primitive);
// Owned by the primitive.
const char *thaw_dnnl_implementation(const thaw_dnnl *primitive);
void thaw_dnnl_destroy(thaw_dnnl *primitive);
// 10000 times the major, 100 times the minor version, and the patch level.
int32_t thaw_dnnl_version(void);
// What the library computes with on this processor; empty where it does not say, or says what was not known here.
const char *thaw_dnnl_instruction_set(void);

#ifdef __cplusplus
}
#endif
