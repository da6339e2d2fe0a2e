import OperatorSamples
import Testing
import ThawTypes

@testable import ThawTensor

/// A tensor that stands for a failed operation hands its error on, whatever is done with it, and stops nothing.
@Suite("Poisoned tensors") struct PoisonTests {
  private static let failure = TensorError(.range, "the first failure")

  /// Calls `body` with a poisoned tensor, inside of a scope that has its error already.
  private func poisoned<Result>(_ body: (Tensor) throws -> Result) throws -> Result {
    try Context.with({ $0.errors = ErrorScope() }) { try body(Tensor.poisoned(by: Self.failure)) }
  }

  @Test("every operator, in place of each of its inputs", arguments: Row.all)
  func operators(_ row: Row) throws {
    let inputs = try row.inputs(.float32)
    for index in inputs.indices where inputs[index] != nil {
      let error = #expect(throws: TensorError.self) {
        try poisoned { tensor in
          var inputs = inputs
          inputs[index] = tensor
          return try row.outputs(of: inputs)
        }
      }
      #expect(error == Self.failure)
    }
  }

  /// A use of a poisoned tensor and of a sound one that requires a gradient.
  struct Use<Result>: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let call: @Sendable (Tensor, Tensor) throws -> Result

    init(_ name: String, _ call: @escaping @Sendable (Tensor, Tensor) throws -> Result) {
      testDescription = name
      self.call = call
    }
  }

  static let methods: [Use<Tensor>] = [
    Use("+", { $0 + $1 }), Use("+ on the right", { $1 + $0 }), Use("+ number", { x, _ in x + 1 }),
    Use("number -", { x, _ in 1 - x }),
    Use("*", { $0 * $1 }), Use("/", { $1 / $0 }), Use("number /", { x, _ in 1 / x }), Use("**", { x, _ in x ** 2 }),
    Use("number **", { x, _ in 2 ** x }),
    Use("-x", { x, _ in -x }), Use(".>", { $0 .> $1 }), Use(".== number", { x, _ in x .== 1 }),
    Use(".&", { ($1 .> 0) .& $0 }),
    Use(".!", { x, _ in .!x }), Use("maximum", { Tensor.maximum($0, $1) }),
    Use("where, condition", { .where($0, $1, $1) }),
    Use("where, value", { Tensor.where($1 .> 0, $0, 0) }), Use("concat", { Tensor.concat([$1, $0]) }),
    Use("matmul", { $1.matmul($0) }), Use("exp", { x, _ in x.exp() }), Use("sum", { x, _ in x.sum() }),
    Use("sum(axes:)", { x, _ in x.sum(axes: [0], keepDims: true) }), Use("mean", { x, _ in x.mean() }),
    Use("max", { x, _ in x.max() }), Use("product", { x, _ in x.product() }),
    Use("logSumExp", { x, _ in x.logSumExp() }),
    Use("argMax", { x, _ in x.argMax(axis: 0) }), Use("softmax", { x, _ in x.softmax() }),
    Use("logSoftmax", { x, _ in x.logSoftmax() }), Use("cast", { x, _ in x.cast(to: .float64) }),
    Use("clip", { x, _ in x.clip(min: 0, max: 1) }), Use("dropout", { x, _ in x.dropout() }),
    Use("gelu", { x, _ in x.gelu() }),
    Use("flatten", { x, _ in x.flatten() }), Use("reshaped", { x, _ in x.reshaped(to: [1]) }),
    Use("reshaped by", { $1.reshaped(to: $0) }), Use("transposed", { x, _ in x.transposed() }),
    Use("unsqueezed", { x, _ in x.unsqueezed(axes: [0]) }), Use("squeezed", { x, _ in x.squeezed() }),
    Use("expanded", { x, _ in x.expanded(to: [2]) }), Use("expanded by", { $1.expanded(to: $0) }),
    Use("tiled", { x, _ in x.tiled([2]) }), Use("slice", { x, _ in x.slice([0..<1]) }),
    Use("slice by step", { x, _ in x.slice(starts: [0], ends: [1]) }), Use("gather", { $0.gather($1) }),
    Use("gather by", { $1.gather($0) }), Use("split", { x, _ in x.split(into: 2)[1] }),
    Use("split into sizes", { x, _ in x.split([1, 1])[0] }), Use("padded", { x, _ in x.padded([1, 1]) }),
    Use("oneHot", { x, _ in x.oneHot(depth: 3) }), Use("shapeTensor", { x, _ in x.shapeTensor() }),
    Use("detach", { x, _ in x.detach() }), Use("clone", { x, _ in x.clone() }),
    Use("softmaxCrossEntropy", { $1.softmaxCrossEntropy($0) }),
    Use("checkpoint", { x, _ in try checkpoint(x) { $0 * 2 } }),
    Use("checkpoint, captured", { x, _ in checkpoint { x * 2 } }),
    Use("savedTensorsHooks", { x, y in savedTensorsHooks(pack: { $0 }, unpack: { $0 }) { x * y } }),
  ]

  @Test("methods give poisoned tensors with the same error", arguments: methods)
  func tensors(_ use: Use<Tensor>) throws {
    let result = try poisoned { try use.call($0, Tensor([1, 2], requiresGrad: true)) }
    #expect(result.poison as? TensorError == Self.failure)
  }

  static let throwing: [Use<Void>] = [
    Use("item", { x, _ in _ = try x.item() }), Use("elements", { x, _ in _ = try x.elements(as: Float.self) }),
    Use("integers", { x, _ in _ = try x.integers() }), Use("strings", { x, _ in _ = try x.strings() }),
    Use("requiringGrad", { x, _ in _ = try x.requiringGrad() }),
    Use("registerHook", { x, _ in try x.registerHook { $0 } }),
    Use("registerPostAccumulateGradHook", { x, _ in try x.registerPostAccumulateGradHook { _ in } }),
    Use("backward", { x, _ in try x.backward() }), Use("backward(gradient:)", { try ($1 * 2).backward(gradient: $0) }),
    Use("backward(inputs:)", { try ($1 * 2).sum().backward(inputs: [$0]) }),
    Use("grad(of:)", { _ = try grad(of: $0, withRespectTo: $1) }),
    Use("grad(withRespectTo:)", { _ = try grad(of: $1.sum(), withRespectTo: $0) }),
    Use("vjp", { x, _ in _ = try vjp({ $0 * 2 }, at: x) }),
    Use("vjp, value", { x, y in _ = try vjp({ _ in x }, at: y) }),
    Use("vjp, cotangent", { x, y in _ = try vjp({ $0 * 2 }, at: y, cotangent: x) }),
    Use("jvp, tangent", { x, y in _ = try jvp({ $0 * 2 }, at: y, tangent: x) }),
    Use("jacobian", { x, _ in _ = try jacobian({ $0 * 2 }, at: x) }),
    Use("hessian", { x, y in _ = try hessian({ _ in x }, at: y) }),
    Use("gradcheck", { x, y in try gradcheck({ [$0[0] * x] }, inputs: [y]) }),
  ]

  @Test("what throws throws the same error", arguments: throwing)
  func errors(_ use: Use<Void>) throws {
    let error = #expect(throws: TensorError.self) {
      try poisoned { try use.call($0, Tensor([1, 2], requiresGrad: true)) }
    }
    #expect(error == Self.failure)
  }

  @Test("what only looks goes on") func looks() throws {
    try poisoned { x in
      #expect(!x.requiresGrad && x.isLeaf && x.grad == nil && x.gradFn == nil && !x.isInference)
      #expect("\(x)".contains("the first failure"))
      x.retainGrad()
      x.zeroGrad()
      #expect(x.dot().contains("result"))
    }
  }
}
