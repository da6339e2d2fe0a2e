import Synchronization
import Testing
import ThawTypes

@testable import ThawTensor

/// Hooks that keep what operations save, as PyTorch's `saved_tensors_hooks`.
@Suite("Hooks of saved tensors") struct SavedTensorsHooksTests {
  private final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }

    /// Runs `body` with hooks that keep tensors as they are and write down what they are called for.
    func watch<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
      try savedTensorsHooks(
        pack: { tensor in
          self.add("pack \(name) \(try tensor.elements(as: Float.self)) \(isGradEnabled) \(tensor.requiresGrad)")
          return tensor
        },
        unpack: { tensor in
          self.add("unpack \(name) \(isGradEnabled)")
          return tensor
        }, body)
    }
  }

  private let x = Tensor([1, 2], requiresGrad: true)

  /// As PyTorch 2.13 has it for `a * a` in the inner and `exp` in the outer scope.
  @Test("each saved tensor is packed where it is saved, by the innermost scope, and unpacked where it is read")
  func order() throws {
    let log = Log()
    let z = log.watch("outer") {
      let y = log.watch("inner") { x * x }
      return (y * 0).exp()
    }
    let saved = ["pack inner [1.0, 2.0] false false", "pack inner [1.0, 2.0] false false"]
    #expect(Array(log.all.prefix(2)) == saved)
    #expect(log.all.last == "pack outer [1.0, 1.0] false false")
    let before = log.all.count
    try z.sum().backward()
    #expect(log.all.dropFirst(before).prefix(1) == ["unpack outer false"])
    #expect(log.all.suffix(2) == ["unpack inner false", "unpack inner false"])
    #expect(try x.grad?.elements(as: Float.self) == [0, 0])
  }

  @Test("the same gradients, of gradients too") func same() throws {
    let inputs = [Tensor(elements: [0.5, -1.5], requiresGrad: true)]
    let function: ([Tensor]) throws -> [Tensor] = { x in
      savedTensorsHooks(pack: { $0 }, unpack: { $0 }) { [(x[0].tanh() * x[0]).exp()] }
    }
    try gradcheck(function, inputs: inputs)
    try gradgradcheck(function, inputs: inputs)
  }

  @Test("to keep what is saved as float16 takes half the memory and rounds it") func half() throws {
    let x = Tensor([1.0 / 3, 2], requiresGrad: true)
    let y = savedTensorsHooks(pack: { $0.cast(to: .float16) }, unpack: { $0.cast(to: .float32) }) { x * x }
    #expect(y.gradFn?.savedByteCount == 8)
    try y.sum().backward()
    #expect(try x.grad?.elements(as: Float.self) == [2 * 0.33325195, 4])
    #expect(y.gradFn?.savedByteCount == 0)
    let other = Tensor([1, 2], requiresGrad: true)
    let compressed = savedTensorsHooks(
      pack: { tensor in (tensor.dtype == .float32 ? tensor.cast(to: .float16) : tensor, tensor.dtype) },
      unpack: { packed, dtype in packed.cast(to: dtype) }
    ) { (other * 2).gather(Tensor([1, 1])) * other }
    try compressed.sum().backward()
    #expect(try other.grad?.elements(as: Float.self) == [4, 10])
  }

  @Test("a second pass unpacks again") func retained() throws {
    let log = Log()
    let y = log.watch("it") { x.exp() }.sum()
    try y.backward(retainGraph: true)
    try y.backward()
    #expect(log.all.filter { $0.hasPrefix("unpack") }.count == 2)
    #expect(throws: TensorError.self) { try y.backward() }
  }

  @Test("inside of a checkpoint's body they win, around it the region keeps to itself") func checkpoints() throws {
    let (inside, around) = (Log(), Log())
    let y = try around.watch("around") {
      try checkpoint(x) { x in inside.watch("inside") { x.exp() } * x }
    }
    // The region's input is what it saves itself.
    #expect(around.all == ["pack around [1.0, 2.0] false false"])
    #expect(inside.all.count == 1)
    try y.sum().backward()
    #expect(around.all.last == "unpack around false")
    let expected = [Float(1), 2].map { ($0 + 1) * Tensor([$0] as [Float]).exp().first }
    for (value, expected) in zip(try #require(x.grad).elements(as: Float.self), expected) {
      #expect(abs(value - expected) <= 1e-5 * expected)
    }
  }

  static let failures:
    [(
      pack: @Sendable (Tensor) throws -> Tensor, unpack: @Sendable (Tensor) throws -> Tensor, message: String
    )] = [
      (
        { $0 }, { _ in Tensor([1, 1, 1] as [Float]) },
        "Output of saved tensor unpack_hook expected to be a float32[2], as what was packed, but got a float32[3]"
      ),
      (
        { $0 }, { $0.cast(to: .float64) },
        "Output of saved tensor unpack_hook expected to be a float32[2], as what was packed, but got a float64[2]"
      ),
      ({ _ in throw TensorError(.range, "own") }, { $0 }, "own"),
      ({ $0 }, { _ in throw TensorError(.range, "own") }, "own"),
      (
        { $0.reshaped(to: [3]) }, { $0 },
        "Reshape: the input of shape [2] has 2 elements, which do not fill the shape [3]"
      ),
    ]

  @Test("what fails in a hook is an error of the operation or of the pass", arguments: failures.indices)
  func failing(index: Int) throws {
    let (pack, unpack, message) = Self.failures[index]
    let error = #expect(throws: TensorError.self) {
      try withErrors { try savedTensorsHooks(pack: pack, unpack: unpack) { x * x }.sum().backward() }
    }
    #expect(error?.message == message)
    #expect(x.grad == nil)
  }
}

extension Tensor {
  fileprivate var first: Float { (try? elements(as: Float.self)[0]) ?? .nan }
}
