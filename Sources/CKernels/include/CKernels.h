// Loops over numbers in memory, for ThawKernels. Element types are given by ONNX's numbers (TensorProto.DataType); only
// float32, float64, int32, int64, uint64 and bool are known here unless a function says otherwise. Strides of
// nests count bytes. Nothing here allocates or fails; a function that has no loop for a type returns 0 or NULL.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define THAW_MAXIMUM_RANK 32

// Threads -------------------------------------------------------------------------------------------------------------

// Calls body(context, begin, end) over [0, count) in pieces of `grain`, on at most `threads` threads, this one among
// them. Pieces are given out as threads get free. Inside of a piece everything runs on one thread.
void thaw_parallel(int64_t count, int64_t grain, int32_t threads, void (*body)(void *, int64_t, int64_t), void *context);
// Between the two, loops of the calling thread stay on it.
void thaw_enter_serial(void);
void thaw_leave_serial(void);

// What the process uses where nothing else is said: at first OMP_NUM_THREADS if it is set, else one for each core.
int32_t thaw_thread_count(void);
void thaw_set_thread_count(int32_t count);
// The most that may be asked for: 256, or OMP_THREAD_LIMIT.
int32_t thaw_thread_limit(void);
// The cores that this process may use.
int32_t thaw_core_count(void);
// Whether loops run on libgomp's threads, as oneDNN does, and not on those of a pool of our own.
int32_t thaw_uses_gomp(void);

// Waits until that many cores are free for a region that brings its own threads; thaw_parallel does so itself. Returns
// what to give back: 0 where one thread is enough, or the caller has some already.
int32_t thaw_take_threads(int32_t threads);
void thaw_give_threads_back(int32_t threads);

// Nests of loops --------------------------------------------------------------------------------------------------------

#define THAW_MAXIMUM_OPERANDS 32

// Loops over `shape`, innermost last, in which each of up to 32 operands steps by its own strides.
typedef struct {
  int32_t rank;
  int32_t operand_count;
  const int64_t *shape;
  const int64_t *strides;  // operand_count times rank
} thaw_nest;

// One innermost row: n elements, each operand's first element and stride.
typedef void (*thaw_row)(const void *context, int64_t n, char *const *pointers, const int64_t *strides);

// Runs the elements [begin, end), counted over the whole nest.
void thaw_nest_run(const thaw_nest *nest, char *const *bases, int64_t begin, int64_t end, thaw_row row,
                   const void *context);

// Elementwise -----------------------------------------------------------------------------------------------------------

typedef struct {
  double alpha, beta;
} thaw_unary_parameters;

// Rows for functions by the numbers of UnaryFunction and BinaryFunction; NULL where the type has no such loop.
thaw_row thaw_unary_row(int32_t function, int32_t dtype);  // context: thaw_unary_parameters
thaw_row thaw_binary_row(int32_t function, int32_t dtype);
thaw_row thaw_select_row(int32_t item_size);
thaw_row thaw_copy_row(void);  // context: int64_t item size

#define THAW_FUSED_TEMPORARIES 8

// One function of several that run together, a chunk of a row at a time. Registers below the operand count are the
// row's operands, the others temporaries, of which there are up to THAW_FUSED_TEMPORARIES.
typedef struct {
  thaw_row row;
  const void *context;
  int32_t operand_count;
  int32_t registers[4];
  int32_t item_sizes[4];
} thaw_fused_step;
typedef struct {
  const thaw_fused_step *steps;
  int32_t step_count, operand_count;
} thaw_fused;
void thaw_fused_row(const void *context, int64_t n, char *const *pointers, const int64_t *strides);

// The operands of one of many tensors, each contiguous, or one number for all elements: then its stride is 0.
typedef struct {
  int64_t count;
  char *const *pointers;
  const int64_t *strides;
} thaw_fused_item;
// Runs over all elements of all items in one parallel region. Unless `checked` is negative, it names an operand of
// float32 or float64, and finite[i] becomes 0 where that of item i holds an infinite number or NaN at the end.
void thaw_fused_run(const thaw_fused *fused, int64_t item_count, const thaw_fused_item *items, int32_t checked,
                    int32_t dtype, uint8_t *finite, int32_t threads);

// Copies a matrix with the input's columns contiguous to one with the output's rows contiguous, in tiles.
int32_t thaw_transpose(int64_t item_size, int64_t rows, int64_t columns, const void *input, int64_t input_stride,
                       void *output, int64_t output_stride);

typedef struct {
  int32_t from, to;
  int32_t saturate;
} thaw_conversion;

// Every numeric type of ONNX but the complex ones. context: thaw_conversion
int32_t thaw_convertible(int32_t dtype);
void thaw_convert_row(const void *context, int64_t n, char *const *pointers, const int64_t *strides);

// Reductions ------------------------------------------------------------------------------------------------------------

typedef struct {
  int32_t function;  // thaw_reducer
  int32_t dtype;
  int32_t kept_rank;
  int32_t reduced_rank;
  const int64_t *kept_shape, *kept_strides, *reduced_shape, *reduced_strides;
} thaw_reduction;

enum thaw_reducer {
  THAW_SUM,
  THAW_PRODUCT,
  THAW_MAXIMUM,
  THAW_MINIMUM,
  THAW_SUM_OF_SQUARES,
  THAW_SUM_OF_MAGNITUDES,
  THAW_SUM_OF_EXPONENTIALS,  // of x - shift, with one shift an output; floating point only
  THAW_FIRST_MAXIMUM,
  THAW_FIRST_MINIMUM,
  THAW_LAST_MAXIMUM,
  THAW_LAST_MINIMUM,
};

// A partial result: 16 bytes, of a layout that depends on function and type.
typedef struct {
  int64_t words[2];
} thaw_accumulator;

enum thaw_finish {
  THAW_STORE,
  THAW_STORE_MEAN,
  THAW_STORE_SQUARE_ROOT,  // floating point only
  THAW_STORE_LOGARITHM,    // plus the shift, if there is one; floating point only
};

// Elements [first, last) of the reduced axes for outputs [begin, end), to accumulators[0 ..< end - begin].
int32_t thaw_reduce(const thaw_reduction *reduction, const char *input, const void *shifts, int64_t begin, int64_t end,
                    int64_t first, int64_t last, thaw_accumulator *accumulators);
// Joins `parts` accumulators for each output, `stride` apart and in order, and stores outputs [begin, end). `count`: how
// many elements became one.
int32_t thaw_reduce_finish(const thaw_reduction *reduction, int32_t finish, int64_t count,
                           const thaw_accumulator *accumulators, int64_t parts, int64_t stride, int64_t begin,
                           int64_t end, const void *shifts, void *output);

// Matrices --------------------------------------------------------------------------------------------------------------

// Strides count elements. out is contiguous by rows, `out_stride` elements a row.
typedef struct {
  int32_t dtype;
  int32_t accumulates;  // onto what out holds; bias is not looked at then
  int64_t m, n, k;
  int64_t left_row, left_column, right_row, right_column, bias_row, bias_column, out_stride;
  double alpha, beta;
} thaw_product;

// The scratch bytes that thaw_multiply needs, 0 if it multiplies without packing.
int64_t thaw_multiply_scratch(const thaw_product *product);
int32_t thaw_multiply(const thaw_product *product, const void *left, const void *right, const void *bias, void *out,
                      void *scratch, int32_t threads);

// Indices ---------------------------------------------------------------------------------------------------------------

// Everything is split along `outer`: these run [begin, end) of it. index_size: 4 or 8.
typedef struct {
  int64_t item_size, length, inner, index_count;
  int32_t index_size;
  int32_t reduction;  // of ScatterReduction
  int32_t dtype;      // with a reduction
} thaw_slices;
void thaw_gather(const thaw_slices *slices, const void *data, const void *indices, void *out, int64_t begin,
                 int64_t end);
int32_t thaw_scatter(const thaw_slices *slices, const void *updates, const void *indices, void *out, int64_t begin,
                     int64_t end);

typedef struct {
  int64_t item_size, length, axis_stride;  // stride of data along the axis, in bytes
  int32_t index_size;
  int32_t reduction;
  int32_t dtype;
} thaw_elements;
// Operands of the nest: data (stride 0 along the axis), indices, out.
void thaw_gather_elements_row(const void *context, int64_t n, char *const *pointers, const int64_t *strides);
// Operands of the nest: updates, indices, out (stride 0 along the axis).
void thaw_scatter_elements_row(const void *context, int64_t n, char *const *pointers, const int64_t *strides);
void thaw_index_bounds(const void *values, int64_t count, int32_t dtype, int64_t *minimum, int64_t *maximum);

// Windows ---------------------------------------------------------------------------------------------------------------

// Convolution and pooling windows over 3 spatial axes; axes that are not there have size 1.
typedef struct {
  int64_t input[3], kernel[3], output[3], stride[3], dilation[3], pad[3], pad_end[3];
} thaw_windows;

// columns: (channels, kernel..., output...) from planes (channels, input...), 0 outside.
void thaw_unfold(const thaw_windows *windows, int64_t item_size, int64_t channels, const void *planes, void *columns);
// The adjoint: adds columns onto planes.
int32_t thaw_fold(const thaw_windows *windows, int32_t dtype, int64_t channels, const void *columns, void *planes);
// One plane with one kernel; y is added to, as is dx, as is dw.
int32_t thaw_correlate(const thaw_windows *windows, int32_t dtype, int32_t direction, const void *first,
                       const void *second, void *result);
int32_t thaw_fill(int32_t dtype, int64_t count, const void *value, void *out);

// Pooling of planes [begin, end), each the size of windows->input. indices may be NULL.
int32_t thaw_maximum_pool(const thaw_windows *windows, int32_t dtype, int32_t column_major, int64_t begin, int64_t end,
                          const void *input, void *output, int64_t *indices);
int32_t thaw_maximum_pool_gradient(const thaw_windows *windows, int32_t dtype, int32_t column_major, int64_t begin,
                                   int64_t end, const void *gradient, const int64_t *indices, void *result);
// The same of float32 with `block` channels together: planes are (batch, channel block). chosen: which tap of its window
// each output took, 255 for none; may be NULL forward. 0 for a window of more than 255 taps.
int32_t thaw_maximum_pool_blocked(const thaw_windows *windows, int32_t block, int64_t begin, int64_t end,
                                  const float *input, float *output, uint8_t *chosen);
int32_t thaw_maximum_pool_gradient_blocked(const thaw_windows *windows, int32_t block, int64_t begin, int64_t end,
                                           const float *gradient, const uint8_t *chosen, float *result);
int32_t thaw_average_pool(const thaw_windows *windows, int32_t dtype, int32_t counts_padding, int32_t backward,
                          int64_t begin, int64_t end, const void *input, void *output);

// Normalization and softmax ---------------------------------------------------------------------------------------------

typedef struct {
  int32_t dtype;
  int32_t mode;  // of BatchNormalizationMode
  int64_t batch, channels, spatial;
  double epsilon;
} thaw_batch_normalization;
// Channels [begin, end). The operands are the request's.
int32_t thaw_normalize_batch(const thaw_batch_normalization *request, void *const *operands, int64_t begin, int64_t end);

// Of float32 with `block` channels (8 or 16) together; the pointers are to one number for each of them. y is x - center
// times factor plus bias, through relu or between lower and upper. constant and slope: of the gradient, which is
// factor (dy - constant - slope (x - center)).
enum { THAW_NORMALIZED, THAW_NORMALIZED_RELU, THAW_NORMALIZED_CLIP };
typedef struct {
  int32_t block, activation;
  int32_t streams;  // whether images are written past the caches
  float lower, upper;
  const float *center, *factor, *bias, *constant, *slope;
} thaw_blocked_normalization;
// Sums of x - shift and of its square over `count` places, to 2 block numbers.
void thaw_blocked_moments(int32_t block, int64_t count, const float *x, const float *shift, double *sums);
// addend: comes in before the function; may be NULL.
void thaw_blocked_normalize(const thaw_blocked_normalization *request, int64_t count, const float *x,
                            const float *addend, float *y);
// Sums of dy and of dy (x - center), dy being the gradient before the function.
void thaw_blocked_normalization_sums(const thaw_blocked_normalization *request, int64_t count, const float *dy,
                                     const float *x, double *sums);
void thaw_blocked_normalization_gradient(const thaw_blocked_normalization *request, int64_t count, const float *dy,
                                         const float *x, float *dx);

typedef struct {
  int32_t dtype;
  int64_t rows, columns;
  double epsilon;
} thaw_layer_normalization;
// Rows [begin, end) of the forward pass, or of the gradient by x. The operands are the request's.
int32_t thaw_normalize_layer(const thaw_layer_normalization *request, int32_t backward, void *const *operands,
                             int64_t begin, int64_t end);
// The gradients by scale and bias of rows [begin, end), as float64 sums: scale's columns, then bias's.
int32_t thaw_normalize_layer_sums(const thaw_layer_normalization *request, void *const *operands, int64_t begin,
                                  int64_t end, double *sums);

typedef struct {
  int32_t dtype;
  int32_t is_log;
  int64_t length, inner;
} thaw_softmax;
// Of (outer, length, inner), the outer ones [begin, end).
int32_t thaw_softmax_forward(const thaw_softmax *request, const void *x, void *y, int64_t begin, int64_t end);
int32_t thaw_softmax_backward(const thaw_softmax *request, const void *dy, const void *y, void *dx, int64_t begin,
                              int64_t end);

// Along one axis --------------------------------------------------------------------------------------------------------

// Of (outer, input, inner) to (outer, output, inner), each result from `taps` elements; backward the other way round.
typedef struct {
  int32_t dtype;
  int32_t backward;
  int64_t input, output, inner, taps;
} thaw_interpolation;
// places and weights: (output, taps). Forward: rows [begin, end) of outer times output; backward: the outer ones.
int32_t thaw_interpolate(const thaw_interpolation *request, const int64_t *places, const double *weights,
                         const void *from, void *to, int64_t begin, int64_t end);

typedef struct {
  int32_t dtype;
  int32_t is_product, exclusive, reverse;
  int64_t length, inner;
} thaw_cumulation;
int32_t thaw_cumulate(const thaw_cumulation *request, const void *x, void *y, int64_t begin, int64_t end);

// Random numbers --------------------------------------------------------------------------------------------------------

// low + span * u, u uniform in [0, 1): element i from Philox4x32-10's counter offset + i under the key `seed`.
int32_t thaw_random_uniform(int32_t dtype, uint64_t seed, uint64_t offset, double low, double span, int64_t begin,
  int64_t end, void *out);
