#include "COneDNN.h"

#ifdef THAW_ONEDNN

#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

using namespace dnnl;

// libgomp comes with oneDNN where oneDNN computes on it. The number of threads is a property of the calling thread.
extern "C" void omp_set_num_threads(int) __attribute__((weak));
extern "C" void omp_set_dynamic(int) __attribute__((weak));

namespace {

engine &cpu() {
  static engine *shared = new engine(engine::kind::cpu, 0);  // lives as long as the process
  return *shared;
}

stream &ownStream() {
  static thread_local stream own(cpu());
  return own;
}

memory::data_type type(int32_t dtype) {
  switch (dtype) {
  case 1: return memory::data_type::f32;
  case 10: return memory::data_type::f16;
  case 16: return memory::data_type::bf16;
  default: throw std::runtime_error("element type");
  }
}

memory::dims list(const int64_t *values, int count) { return memory::dims(values, values + count); }

memory::format_tag blocked(int32_t rank, int32_t block) {
  using tag = memory::format_tag;
  if (rank < 3 || rank > 5 || (block != 8 && block != 16)) throw std::runtime_error("blocks of channels");
  const tag tags[2][3] = {{tag::nCw8c, tag::nChw8c, tag::nCdhw8c}, {tag::nCw16c, tag::nChw16c, tag::nCdhw16c}};
  return tags[block / 16][rank - 3];
}

memory::desc given(const thaw_dnnl_tensor &t) {
  if (t.block) return memory::desc(list(t.dims, t.rank), type(t.dtype), blocked(t.rank, t.block));
  return memory::desc(list(t.dims, t.rank), type(t.dtype), list(t.strides, t.rank));
}

// The same numbers in whatever layout the library likes best, where it is free to choose.
memory::desc any(const thaw_dnnl_tensor &t) {
  if (t.block) return given(t);
  return memory::desc(list(t.dims, t.rank), type(t.dtype), memory::format_tag::any);
}

memory::desc vector(int64_t length) {
  return memory::desc({length}, memory::data_type::f32, memory::format_tag::a);
}

primitive_attr attributes() {
  primitive_attr attr;
  attr.set_scratchpad_mode(scratchpad_mode::user);
  return attr;
}

// oneDNN 2 describes an operation first, oneDNN 3 makes the primitive's descriptor at once.
template <typename Primitive, typename... Arguments>
typename Primitive::primitive_desc describe(const primitive_attr &attr, const Arguments &...arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(cpu(), arguments..., attr);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), attr, cpu());
#endif
}

template <typename Primitive, typename Hint, typename... Arguments>
typename Primitive::primitive_desc describeBackward(const Hint &hint, const Arguments &...arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(cpu(), arguments..., hint, attributes());
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), attributes(), cpu(), hint);
#endif
}

#if DNNL_VERSION_MAJOR >= 3
using PoolingForward = pooling_forward;
using PoolingBackward = pooling_backward;
using SoftmaxForward = softmax_forward;
using SoftmaxBackward = softmax_backward;
#else
using PoolingForward = pooling_v2_forward;
using PoolingBackward = pooling_v2_backward;
using SoftmaxForward = softmax_v2_forward;
using SoftmaxBackward = softmax_v2_backward;
#endif

// Where an argument's bytes are: an operand if it is there, else scratch.
struct Place {
  int operand = -1;
  int64_t offset = -1;

  void *find(void *const *operands, char *scratch) const {
    void *pointer = operand < 0 ? nullptr : operands[operand];
    return pointer || offset < 0 ? pointer : scratch + offset;
  }
};

struct Argument {
  int name;
  memory::desc layout;
  Place place;
};

// An argument as the library takes it, and where it points.
struct Bound {
  memory object;
  void *address = nullptr;

  explicit Bound(memory object) : object(std::move(object)) {}

  void point(void *to) {
    if (to == address) return;
    object.set_data_handle(to);
    address = to;
  }
};

struct Step {
  primitive computes;
  std::vector<Argument> arguments;
  std::function<void(void *const *, char *)> function;  // instead of a primitive
};

}  // namespace

struct thaw_dnnl {
  int32_t threads;
  int64_t scratch = 64;
  int64_t output = 0;
  std::string implementation;
  std::vector<Step> steps;

  explicit thaw_dnnl(int32_t threads) : threads(threads) { useThreads(); }

  // Primitives rely on the number that they were made for.
  void useThreads() const {
    if (omp_set_dynamic) omp_set_dynamic(0);
    if (omp_set_num_threads) omp_set_num_threads(threads);
  }

  int64_t reserve(size_t bytes) {
    const int64_t offset = scratch;
    scratch += (int64_t)((bytes + 63) / 64 * 64);
    return offset;
  }

  // An operand as the library wants it, by way of a reorder if need be. An output may be absent when the program runs.
  Argument input(int name, int operand, const memory::desc &given, const memory::desc &wanted) {
    if (given == wanted) return {name, given, {operand, -1}};
    const Place place{-1, reserve(wanted.get_size())};
    addReorder(given, {operand, -1}, wanted, place);
    return {name, wanted, place};
  }

  Argument input(int name, int operand, const memory::desc &given) { return {name, given, {operand, -1}}; }

  Argument optionalOutput(int name, int operand, const memory::desc &given) {
    return {name, given, {operand, reserve(given.get_size())}};
  }

  void addReorder(const memory::desc &from, Place source, const memory::desc &to, Place target) {
    const auto attr = attributes();
    const reorder::primitive_desc description(cpu(), from, cpu(), to, attr);
    add(reorder(description), description.scratchpad_desc(),
        {{DNNL_ARG_FROM, from, source}, {DNNL_ARG_TO, to, target}});
  }

  void add(const primitive &computes, const memory::desc &scratchpad, std::vector<Argument> arguments) {
    if (scratchpad.get_size() > 0)
      arguments.push_back({DNNL_ARG_SCRATCHPAD, scratchpad, {-1, reserve(scratchpad.get_size())}});
    steps.push_back({computes, std::move(arguments), nullptr});
  }

  // The reference loops of the library are slower than Thaw's own.
  template <typename Primitive>
  void addPrimitive(const typename Primitive::primitive_desc &description, std::vector<Argument> arguments) {
    implementation = description.impl_info_str();
    if (implementation.find("ref") != std::string::npos) throw std::runtime_error("only " + implementation);
    add(Primitive(description), description.scratchpad_desc(), std::move(arguments));
  }

  void execute(void *const *operands, char *scratch) const {
    useThreads();
    stream &queue = ownStream();
    std::unique_ptr<Binding> binding = takeBinding();
    for (size_t i = 0; i < steps.size(); i++) {
      const Step &step = steps[i];
      if (step.function) {
        step.function(operands, scratch);
        continue;
      }
      std::vector<Bound> &bound = binding->arguments[i];
      for (size_t k = 0; k < bound.size(); k++) bound[k].point(step.arguments[k].place.find(operands, scratch));
      const auto &list = binding->lists[i];
      error::wrap_c_api(dnnl_primitive_execute(step.computes.get(), queue.get(), (int)list.size(), list.data()),
                        "a primitive");
    }
    queue.wait();
    std::lock_guard<std::mutex> guard(lock);
    bindings.push_back(std::move(binding));
  }

private:
  // The library's objects for arguments, which take longer to make than small primitives to run: each run has some of
  // its own, made when as many run at once as never before.
  struct Binding {
    std::vector<std::vector<Bound>> arguments;
    std::vector<std::vector<dnnl_exec_arg_t>> lists;
  };
  mutable std::mutex lock;
  mutable std::vector<std::unique_ptr<Binding>> bindings;

  std::unique_ptr<Binding> takeBinding() const {
    {
      std::lock_guard<std::mutex> guard(lock);
      if (!bindings.empty()) {
        std::unique_ptr<Binding> binding = std::move(bindings.back());
        bindings.pop_back();
        return binding;
      }
    }
    std::unique_ptr<Binding> made(new Binding);
    for (const Step &step : steps) {
      made->arguments.emplace_back();
      made->lists.emplace_back();
      for (const Argument &argument : step.arguments) {
        made->arguments.back().emplace_back(memory(argument.layout, cpu(), nullptr));
        made->lists.back().push_back({argument.name, made->arguments.back().back().object.get()});
      }
    }
    return made;
  }
};

namespace {

void report(thaw_dnnl_status *status, const char *message) {
  status->failed = 1;
  std::snprintf(status->message, sizeof status->message, "%s", message);
}

template <typename Body>
thaw_dnnl *create(int32_t threads, thaw_dnnl_status *status, Body body) {
  thaw_dnnl *made = nullptr;
  status->failed = 0;
  try {
    made = new thaw_dnnl(threads);
    body(*made);
    return made;
  } catch (const std::exception &error) {
    report(status, error.what());
  } catch (...) {
    report(status, "unknown failure");
  }
  delete made;
  return nullptr;
}

algorithm convolutionAlgorithm(int32_t choice) {
  switch (choice) {
  case THAW_DNNL_AUTO: return algorithm::convolution_auto;
#if DNNL_VERSION_MAJOR < 3
  case THAW_DNNL_WINOGRAD: return algorithm::convolution_winograd;
#else
  case THAW_DNNL_WINOGRAD: throw std::runtime_error("Winograd");
#endif
  default: return algorithm::convolution_direct;
  }
}

void appendFunction(post_ops &after, algorithm how, float alpha, float beta) {
#if DNNL_VERSION_MAJOR >= 3
  after.append_eltwise(how, alpha, beta);
#else
  after.append_eltwise(1, how, alpha, beta);
#endif
}

primitive_attr attributes(const thaw_dnnl_convolution &q) {
  post_ops after;
  for (int i = 0; i < q.tail_count; i++) {
    const thaw_dnnl_tail &tail = q.tails[i];
    switch (tail.function) {
    case THAW_DNNL_SUM: after.append_sum(1); break;
    case THAW_DNNL_RELU: appendFunction(after, algorithm::eltwise_relu, 0, 0); break;
    case THAW_DNNL_CLIP: appendFunction(after, algorithm::eltwise_clip, tail.lower, tail.upper); break;
    // oneDNN 2 has these two numbers built in and asks for zeros.
#if DNNL_VERSION_MAJOR >= 3
    case THAW_DNNL_HARD_SWISH: appendFunction(after, algorithm::eltwise_hardswish, 1.f / 6, 0.5f); break;
#else
    case THAW_DNNL_HARD_SWISH: appendFunction(after, algorithm::eltwise_hardswish, 0, 0); break;
#endif
    case THAW_DNNL_SIGMOID: appendFunction(after, algorithm::eltwise_logistic, 0, 0); break;
    case THAW_DNNL_TANH: appendFunction(after, algorithm::eltwise_tanh, 0, 0); break;
    default: throw std::runtime_error("a function behind a convolution");
    }
  }
  primitive_attr attr = attributes();
  attr.set_post_ops(after);
  return attr;
}

struct ConvolutionShape {
  memory::desc x, w, y;
  memory::dims strides, dilations, begin, end;
  algorithm how;

  explicit ConvolutionShape(const thaw_dnnl_convolution &q)
      : x(any(q.x)), w(any(q.w)), y(any(q.y)), strides(list(q.strides, q.x.rank - 2)),
        dilations(list(q.dilations, q.x.rank - 2)), begin(list(q.pads_begin, q.x.rank - 2)),
        end(list(q.pads_end, q.x.rank - 2)), how(convolutionAlgorithm(q.algorithm)) {
    for (auto &dilation : dilations) dilation -= 1;
  }

  convolution_forward::primitive_desc forward(const thaw_dnnl_convolution &q) const {
    // Winograd's weights are transformed in advance for inference, by slow loops, and as part of training.
    const auto prop = q.packed ? prop_kind::forward_inference : prop_kind::forward_training;
    const auto attr = attributes(q);
    if (q.bias.rank > 0)
      return describe<convolution_forward>(attr, prop, how, x, w, given(q.bias), y, strides, dilations, begin, end);
    return describe<convolution_forward>(attr, prop, how, x, w, y, strides, dilations, begin, end);
  }

  template <typename Backward>
  typename Backward::primitive_desc backward(const thaw_dnnl_convolution &q) const {
    return describeBackward<Backward>(forward(q), how, x, w, y, strides, dilations, begin, end);
  }
};

void makeConvolution(thaw_dnnl &made, const thaw_dnnl_convolution &q) {
  const ConvolutionShape shape(q);
  auto weights = [&](const memory::desc &wanted) {
    return q.packed ? made.input(DNNL_ARG_WEIGHTS, 1, wanted) : made.input(DNNL_ARG_WEIGHTS, 1, given(q.w), wanted);
  };
  auto finish = [&](Argument output, int operand, const memory::desc &given, auto run) {
    if (output.layout == given) {
      output.place = {operand, -1};
      run(output);
    } else {
      for (int i = 0; i < q.tail_count; i++)
        if (q.tails[i].function == THAW_DNNL_SUM) throw std::runtime_error("a sum in another layout");
      output.place = {-1, made.reserve(output.layout.get_size())};
      run(output);
      made.addReorder(output.layout, output.place, given, {operand, -1});
    }
  };
  if (q.direction == THAW_DNNL_FORWARD) {
    const auto forward = shape.forward(q);
    std::vector<Argument> arguments = {made.input(DNNL_ARG_SRC, 0, given(q.x), forward.src_desc()),
                                       weights(forward.weights_desc())};
    if (q.bias.rank > 0) arguments.push_back(made.input(DNNL_ARG_BIAS, 2, given(q.bias)));
    finish({DNNL_ARG_DST, forward.dst_desc(), {}}, 3, given(q.y), [&](const Argument &output) {
      arguments.push_back(output);
      made.addPrimitive<convolution_forward>(forward, arguments);
    });
  } else if (q.direction == THAW_DNNL_INPUT_GRADIENT) {
    const auto backward = shape.backward<convolution_backward_data>(q);
    std::vector<Argument> arguments = {made.input(DNNL_ARG_DIFF_DST, 0, given(q.y), backward.diff_dst_desc()),
                                       weights(backward.weights_desc())};
    finish({DNNL_ARG_DIFF_SRC, backward.diff_src_desc(), {}}, 2, given(q.x), [&](const Argument &output) {
      arguments.push_back(output);
      made.addPrimitive<convolution_backward_data>(backward, arguments);
    });
  } else {
    const auto backward = shape.backward<convolution_backward_weights>(q);
    std::vector<Argument> arguments = {made.input(DNNL_ARG_SRC, 0, given(q.x), backward.src_desc()),
                                       made.input(DNNL_ARG_DIFF_DST, 1, given(q.y), backward.diff_dst_desc())};
    finish({DNNL_ARG_DIFF_WEIGHTS, backward.diff_weights_desc(), {}}, 2, given(q.w), [&](const Argument &output) {
      arguments.push_back(output);
      made.addPrimitive<convolution_backward_weights>(backward, arguments);
    });
  }
}

void makeConvolutionPacking(thaw_dnnl &made, const thaw_dnnl_convolution &q) {
  const ConvolutionShape shape(q);
  const auto packed = q.direction == THAW_DNNL_FORWARD
                          ? shape.forward(q).weights_desc()
                          : shape.backward<convolution_backward_data>(q).weights_desc();
  made.output = (int64_t)packed.get_size();
  made.implementation = "reorder";
  made.addReorder(given(q.w), {0, -1}, packed, {1, -1});
}

void makePooling(thaw_dnnl &made, const thaw_dnnl_pooling &q) {
  const int spatial = q.x.rank - 2;
  auto dilations = list(q.dilations, spatial);
  for (auto &dilation : dilations) dilation -= 1;
  const auto how = q.function == THAW_DNNL_MAXIMUM              ? algorithm::pooling_max
                   : q.function == THAW_DNNL_AVERAGE_WITH_PADDING ? algorithm::pooling_avg_include_padding
                                                                : algorithm::pooling_avg_exclude_padding;
  const auto x = given(q.x), y = given(q.y);
  const auto strides = list(q.strides, spatial), kernel = list(q.kernel, spatial);
  const auto begin = list(q.pads_begin, spatial), end = list(q.pads_end, spatial);
  const auto prop = q.backward ? prop_kind::forward_training : prop_kind::forward_inference;
  const auto forward =
      describe<PoolingForward>(attributes(), prop, how, x, y, strides, kernel, dilations, begin, end);
  if (!q.backward) {
    made.addPrimitive<PoolingForward>(forward, {made.input(DNNL_ARG_SRC, 0, x), made.input(DNNL_ARG_DST, 1, y)});
    return;
  }
  const auto backward = describeBackward<PoolingBackward>(forward, how, x, y, strides, kernel, dilations, begin, end);
  made.addPrimitive<PoolingBackward>(backward,
                                     {made.input(DNNL_ARG_DIFF_DST, 0, y), made.input(DNNL_ARG_DIFF_SRC, 1, x)});
}

// Gradients do not depend on the shift, yet oneDNN 2 refuses to run without one: any vector does.
Argument unreadShift(int operand, const memory::desc &layout) { return {DNNL_ARG_SHIFT, layout, {operand, -1}}; }

void makeBatchNormalization(thaw_dnnl &made, const thaw_dnnl_batch_normalization &q) {
  const auto x = given(q.x), channel = vector(q.x.dims[1]);
  const bool given = q.mode == 0 || q.mode == 2;
  auto flags = normalization_flags::use_scale | normalization_flags::use_shift;
  if (given) flags |= normalization_flags::use_global_stats;
  const auto prop = q.mode == 0 ? prop_kind::forward_inference : prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
  const auto forward = describe<batch_normalization_forward>(attributes(), prop, x, x, q.epsilon, flags);
#else
  const auto forward = describe<batch_normalization_forward>(attributes(), prop, x, q.epsilon, flags);
#endif
  if (q.mode < 2) {
    const int mean = q.mode == 0 ? 3 : 4, y = q.mode == 0 ? 5 : 3;
    made.addPrimitive<batch_normalization_forward>(
        forward, {made.input(DNNL_ARG_SRC, 0, x), made.input(DNNL_ARG_SCALE, 1, channel),
                  made.input(DNNL_ARG_SHIFT, 2, channel), made.input(DNNL_ARG_MEAN, mean, channel),
                  made.input(DNNL_ARG_VARIANCE, mean + 1, channel), made.input(DNNL_ARG_DST, y, x)});
    return;
  }
#if DNNL_VERSION_MAJOR >= 3
  const auto backward = describeBackward<batch_normalization_backward>(forward, prop_kind::backward, x, x, x, q.epsilon,
                                                                       flags);
#else
  const auto backward =
      describeBackward<batch_normalization_backward>(forward, prop_kind::backward, x, x, q.epsilon, flags);
#endif
  std::vector<Argument> arguments = {
      made.input(DNNL_ARG_DIFF_DST, 0, x),          made.input(DNNL_ARG_SRC, 1, x),
      made.input(DNNL_ARG_SCALE, 2, channel),       made.input(DNNL_ARG_MEAN, 3, channel),
      made.input(DNNL_ARG_VARIANCE, 4, channel),    made.optionalOutput(DNNL_ARG_DIFF_SRC, 5, x),
      made.optionalOutput(DNNL_ARG_DIFF_SCALE, 6, channel), made.optionalOutput(DNNL_ARG_DIFF_SHIFT, 7, channel)};
#if DNNL_VERSION_MAJOR < 3
  arguments.push_back(unreadShift(2, channel));  // which oneDNN 3 refuses in its turn
#endif
  made.addPrimitive<batch_normalization_backward>(backward, arguments);
}

// The library's statistics are mean and variance, ours mean and the inverse of the standard deviation.
void makeLayerNormalization(thaw_dnnl &made, const thaw_dnnl_layer_normalization &q) {
  const auto x = given(q.x), column = vector(q.x.dims[1]), row = vector(q.x.dims[0]);
  const int64_t rows = q.x.dims[0];
  const float epsilon = q.epsilon;
  auto flags = normalization_flags::use_scale;
  if (q.has_bias) flags |= normalization_flags::use_shift;
  const auto prop = prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
  const auto forward = describe<layer_normalization_forward>(attributes(), prop, x, x, row, epsilon, flags);
#else
  const auto forward = describe<layer_normalization_forward>(attributes(), prop, x, row, epsilon, flags);
#endif
  const int64_t variance = made.reserve((size_t)rows * sizeof(float));
  if (!q.backward) {
    std::vector<Argument> arguments = {
        made.input(DNNL_ARG_SRC, 0, x), made.input(DNNL_ARG_SCALE, 1, column), made.input(DNNL_ARG_DST, 3, x),
        made.optionalOutput(DNNL_ARG_MEAN, 4, row), {DNNL_ARG_VARIANCE, row, {-1, variance}}};
    if (q.has_bias) arguments.push_back(made.input(DNNL_ARG_SHIFT, 2, column));
    made.addPrimitive<layer_normalization_forward>(forward, arguments);
    made.steps.push_back({primitive(), {}, [=](void *const *operands, char *scratch) {
                            const auto *from = (const float *)(scratch + variance);
                            auto *to = (float *)operands[5];
                            for (int64_t r = 0; to && r < rows; r++) to[r] = 1 / std::sqrt(from[r] + epsilon);
                          }});
    return;
  }
  flags |= normalization_flags::use_shift;
#if DNNL_VERSION_MAJOR >= 3
  const auto backward = describeBackward<layer_normalization_backward>(forward, prop_kind::backward, x, x, x, row,
                                                                       epsilon, flags);
#else
  const auto backward =
      describeBackward<layer_normalization_backward>(forward, prop_kind::backward, x, x, row, epsilon, flags);
#endif
  made.steps.push_back({primitive(), {}, [=](void *const *operands, char *scratch) {
                          const auto *from = (const float *)operands[4];
                          auto *to = (float *)(scratch + variance);
                          for (int64_t r = 0; r < rows; r++) to[r] = 1 / (from[r] * from[r]) - epsilon;
                        }});
  made.addPrimitive<layer_normalization_backward>(
      backward, {made.input(DNNL_ARG_DIFF_DST, 0, x), made.input(DNNL_ARG_SRC, 1, x),
                 made.input(DNNL_ARG_SCALE, 2, column), unreadShift(2, column), made.input(DNNL_ARG_MEAN, 3, row),
                 {DNNL_ARG_VARIANCE, row, {-1, variance}}, made.optionalOutput(DNNL_ARG_DIFF_SRC, 5, x),
                 made.optionalOutput(DNNL_ARG_DIFF_SCALE, 6, column),
                 made.optionalOutput(DNNL_ARG_DIFF_SHIFT, 7, column)});
}

void makeSoftmax(thaw_dnnl &made, const thaw_dnnl_softmax &q) {
  const auto x = given(q.x);
  const auto how = q.is_log ? algorithm::softmax_log : algorithm::softmax_accurate;
  const auto forward = describe<SoftmaxForward>(attributes(), prop_kind::forward_training, how, x, x, 1);
  if (!q.backward) {
    made.addPrimitive<SoftmaxForward>(forward, {made.input(DNNL_ARG_SRC, 0, x), made.input(DNNL_ARG_DST, 1, x)});
    return;
  }
  const auto backward = describeBackward<SoftmaxBackward>(forward, how, x, x, x, 1);
  made.addPrimitive<SoftmaxBackward>(backward, {made.input(DNNL_ARG_DIFF_DST, 0, x), made.input(DNNL_ARG_DST, 1, x),
                                                made.input(DNNL_ARG_DIFF_SRC, 2, x)});
}

// A product as it is asked for, and its operands.
struct ProductShape {
  memory::desc left, right, bias, addend, out;
  // An empty descriptor counts as one from oneDNN 3 on.
  bool hasBias, hasAddend;
  primitive_attr attr = attributes();
  int addendName = 0;

  explicit ProductShape(const thaw_dnnl_product &q)
      : left(given(q.left)), right(q.packed ? any(q.right) : given(q.right)), out(given(q.out)),
        hasBias(q.bias.rank > 0), hasAddend(q.addend.rank > 0) {
    post_ops after;
    if (q.scale != 1) appendFunction(after, algorithm::eltwise_linear, q.scale, 0);
    if (hasAddend) {
      addend = given(q.addend);
      addendName = DNNL_ARG_ATTR_MULTIPLE_POST_OP(after.len()) | DNNL_ARG_SRC_1;
      after.append_binary(algorithm::binary_add, addend);
    }
    switch (q.activation) {
    case THAW_DNNL_GELU: appendFunction(after, algorithm::eltwise_gelu_erf, 0, 0); break;
    case THAW_DNNL_GELU_TANH: appendFunction(after, algorithm::eltwise_gelu_tanh, 0, 0); break;
    case THAW_DNNL_PRODUCT_RELU: appendFunction(after, algorithm::eltwise_relu, 0, 0); break;
    default: break;
    }
    attr.set_post_ops(after);
    if (hasBias) bias = given(q.bias);
  }

  matmul::primitive_desc product() const {
    return hasBias ? describe<matmul>(attr, left, right, bias, out) : describe<matmul>(attr, left, right, out);
  }
};

void makeProduct(thaw_dnnl &made, const thaw_dnnl_product &q) {
  const ProductShape shape(q);
  const auto product = shape.product();
  std::vector<Argument> arguments = {made.input(DNNL_ARG_SRC, 0, shape.left),
                                     made.input(DNNL_ARG_WEIGHTS, 1, product.weights_desc()),
                                     made.input(DNNL_ARG_DST, shape.hasAddend ? 4 : 3, shape.out)};
  if (shape.hasAddend) arguments.push_back(made.input(shape.addendName, 3, shape.addend));
  if (shape.hasBias) arguments.push_back(made.input(DNNL_ARG_BIAS, 2, shape.bias));
  made.addPrimitive<matmul>(product, arguments);
}

void makeProductPacking(thaw_dnnl &made, const thaw_dnnl_product &q) {
  const auto packed = ProductShape(q).product().weights_desc();
  if (packed == given(q.right)) throw std::runtime_error("packed already");
  made.output = (int64_t)packed.get_size();
  made.implementation = "reorder";
  made.addReorder(given(q.right), {0, -1}, packed, {1, -1});
}

}  // namespace

#define THAW_DNNL_CREATE(name, request_type, make) \
  thaw_dnnl *thaw_dnnl_create_##name(const request_type *request, int32_t threads, thaw_dnnl_status *status) { \
    return create(threads, status, [&](thaw_dnnl &made) { make(made, *request); }); \
  }
THAW_DNNL_CREATE(product, thaw_dnnl_product, makeProduct)
THAW_DNNL_CREATE(product_packing, thaw_dnnl_product, makeProductPacking)
THAW_DNNL_CREATE(convolution, thaw_dnnl_convolution, makeConvolution)
THAW_DNNL_CREATE(convolution_packing, thaw_dnnl_convolution, makeConvolutionPacking)
THAW_DNNL_CREATE(pooling, thaw_dnnl_pooling, makePooling)
THAW_DNNL_CREATE(batch_normalization, thaw_dnnl_batch_normalization, makeBatchNormalization)
THAW_DNNL_CREATE(layer_normalization, thaw_dnnl_layer_normalization, makeLayerNormalization)
THAW_DNNL_CREATE(softmax, thaw_dnnl_softmax, makeSoftmax)

void thaw_dnnl_execute(const thaw_dnnl *primitive, void *const *operands, void *scratch, thaw_dnnl_status *status) {
  status->failed = 0;
  try {
    primitive->execute(operands, (char *)scratch);
  } catch (const std::exception &error) {
    report(status, error.what());
  } catch (...) {
    report(status, "unknown failure");
  }
}

int64_t thaw_dnnl_scratch_size(const thaw_dnnl *primitive) { return primitive->scratch; }
int64_t thaw_dnnl_output_size(const thaw_dnnl *primitive) { return primitive->output; }
const char *thaw_dnnl_implementation(const thaw_dnnl *primitive) { return primitive->implementation.c_str(); }
void thaw_dnnl_destroy(thaw_dnnl *primitive) { delete primitive; }

int32_t thaw_dnnl_preferred_block(void) {
  for (const int32_t block : {16, 8}) {
    try {
      const memory::desc image({1, 32, 14, 14}, memory::data_type::f32, blocked(4, block));
      const memory::desc weight({32, 32, 3, 3}, memory::data_type::f32, memory::format_tag::any);
      const memory::dims one = {1, 1}, zero = {0, 0};
      const auto forward = describe<convolution_forward>(attributes(), prop_kind::forward_training,
                                                         algorithm::convolution_direct, image, weight, image, one, zero,
                                                         one, one);
      if (std::string(forward.impl_info_str()).find("jit") != std::string::npos) return block;
    } catch (const std::exception &) {
      continue;  // the next smaller block, or none
    }
  }
  return 0;
}

int32_t thaw_dnnl_version(void) {
  const auto *version = dnnl::version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}

const char *thaw_dnnl_instruction_set(void) {
  switch (get_effective_cpu_isa()) {
  case cpu_isa::sse41: return "SSE4.1";
  case cpu_isa::avx: return "AVX";
  case cpu_isa::avx2: return "AVX2";
  case cpu_isa::avx2_vnni: return "AVX2 with VNNI";
  case cpu_isa::avx512_core: return "AVX-512";
  case cpu_isa::avx512_core_vnni: return "AVX-512 with VNNI";
  case cpu_isa::avx512_core_bf16: return "AVX-512 with VNNI and BF16";
  case cpu_isa::avx512_core_amx: return "AVX-512 with VNNI, BF16 and AMX";
#if DNNL_VERSION_MAJOR >= 3
  case cpu_isa::avx512_core_fp16: return "AVX-512 with VNNI, BF16 and FP16";
  case cpu_isa::avx512_core_amx_fp16: return "AVX-512 with VNNI, BF16, FP16 and AMX";
#endif
  default: return "";
  }
}

#endif
