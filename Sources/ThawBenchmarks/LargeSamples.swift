import OperatorSamples
import ThawTensor

/// Operations of the sizes that networks have.
enum LargeSamples {
  static let all: [Sample] =
    products + convolutions + elementwise + reductions + normalizations + movements

  private static let products = [
    Sample("1024 x 1024 x 1024", MatMul(), .uniform([1024, 1024]), .uniform([1024, 1024])),
    Sample("tokens by weights", MatMul(), .uniform([2048, 256]), .uniform([256, 1024])),
    Sample("attention scores", MatMul(), .uniform([64, 128, 64]), .uniform([64, 64, 128])),
    Sample("classifier", Gemm(transposesB: true), .uniform([64, 784]), .uniform([512, 784]), .uniform([512])),
  ]

  private static let window3 = SlidingWindow(kernel: [3, 3], pads: [1, 1, 1, 1])
  private static let convolutions = [
    Sample("3 x 3, 64 channels", Conv(window: window3), .uniform([16, 64, 56, 56]), .uniform([64, 64, 3, 3])),
    Sample("3 x 3, 256 channels", Conv(window: window3), .uniform([16, 256, 14, 14]), .uniform([256, 256, 3, 3])),
    Sample("1 x 1", Conv(), .uniform([16, 96, 28, 28]), .uniform([24, 96, 1, 1])),
    Sample("depthwise", Conv(window: window3, groups: 96), .uniform([16, 96, 56, 56]), .uniform([96, 1, 3, 3])),
    Sample(
      "7 x 7, strides", Conv(window: SlidingWindow(strides: [2, 2], pads: [3, 3, 3, 3])), .uniform([16, 3, 224, 224]),
      .uniform([64, 3, 7, 7])),
    Sample(
      "3 x 3, 64 channels", ConvInputGradient(window: window3, groups: 1), .uniform([16, 64, 56, 56]),
      .uniform([64, 64, 3, 3]), .ints([56, 56])),
    Sample(
      "3 x 3, 64 channels", ConvWeightGradient(window: window3, groups: 1), .uniform([16, 64, 56, 56]),
      .uniform([16, 64, 56, 56])),
    Sample(
      "3 x 3", MaxPool(window: SlidingWindow(kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1])),
      .uniform([16, 64, 112, 112])),
  ]

  private static let image = [16, 64, 56, 56]
  private static let elementwise = [
    Sample("images", Add(), .uniform(image), .uniform(image)),
    Sample("a bias over channels", Add(), .uniform(image), .uniform([64, 1, 1])),
    Sample("images", Mul(), .uniform(image), .uniform(image)),
    Sample("images", Relu(), .uniform(image)),
    Sample("tokens", Gelu(), .uniform([2048, 1024])),
    Sample("tokens", Exp(), .uniform([2048, 1024])),
    Sample("tokens", Tanh(), .uniform([2048, 1024])),
  ]

  private static let reductions = [
    Sample("rows", ReduceSum(options: .init()), .uniform([2048, 1024]), .ints([1])),
    Sample("columns", ReduceSum(options: .init()), .uniform([2048, 1024]), .ints([0])),
    Sample("space", ReduceMean(options: .init()), .uniform(image), .ints([2, 3])),
  ]

  private static let normalizations = [
    Sample("attention", Softmax(), .uniform([16, 4, 128, 128])),
    Sample("tokens", LayerNormalization(), .uniform([2048, 256]), .uniform([256]), .uniform([256])),
    Sample(
      "images", BatchNormalization(), .uniform(image), .uniform([64]), .uniform([64]), .uniform([64]),
      .uniform([64], 0.5...1)),
  ]

  private static let movements = [
    Sample("matrix", Transpose(permutation: [1, 0]), .uniform([2048, 2048])),
    Sample("heads", Transpose(permutation: [0, 2, 1, 3]), .uniform([16, 128, 4, 64])),
    Sample("channels last", Transpose(permutation: [0, 2, 3, 1]), .uniform(image)),
    Sample(
      "embedding", Gather(), .uniform([30000, 256]), .ints((0..<2048).map { $0 * 7919 % 30000 })),
    Sample("channels", Concat(axis: 1), .uniform(image), .uniform(image)),
  ]
}
