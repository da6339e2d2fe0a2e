import ThawKernels
import ThawTensor
import ThawTypes

/// A function of tensors element by element, compiled once for every shape: over any number of tensors it is one pass.
package struct ElementwiseFunction: Sendable {
  /// What the function is applied to, and what it gave.
  package struct Call: Sendable {
    /// All of one shape; those whose memory nobody else holds may be overwritten, and are gone after a run.
    package var tensors: [Tensor]
    /// The same for all elements.
    package var numbers: [Tensor]
    package fileprivate(set) var results: [Tensor] = []
    /// Whether the checked result holds finite numbers only.
    package fileprivate(set) var isFinite = true

    package init(tensors: [Tensor], numbers: [Tensor] = []) {
      self.tensors = tensors
      self.numbers = numbers
    }
  }

  private enum Source {
    case tensor(Int)
    case number(Int)
    case constant(Storage, byteOffset: Int)
  }

  private enum Result {
    /// The place among what the loop makes.
    case made(Int)
    /// One of the tensors as it is.
    case tensor(Int)
  }

  private let loop: FusedLoop
  /// Of the loop's inputs.
  private let sources: [Source]
  private let results: [Result]
  /// Of what the loop makes.
  private let types: [DType]
  /// The tensors in whose memory each of what the loop makes may be put.
  private let overwritable: [[Int]]

  /// Compiles.
  ///
  /// - Parameters:
  ///   - tensors: the element types of the tensors.
  ///   - numbers: those of the numbers.
  ///   - body: operations that read each element once, where it stands.
  /// - Throws: `TensorError` of kind `internal` when the operations are not of that kind, or too many.
  package init(
    tensors: [DType], numbers: [DType] = [], _ body: ([Tensor], [Tensor]) throws -> [Tensor]
  ) throws {
    let types = tensors.map { TensorType($0, shape: [2]) } + numbers.map { TensorType($0, shape: []) }
    var passedOn: [Int?] = []
    let trace = try Trace(inputs: types) { traced in
      let results = try body(Array(traced.prefix(tensors.count)), Array(traced.dropFirst(tensors.count)))
      passedOn = results.map { result in tensors.indices.first { Self.isSame(traced[$0], result) } }
      return zip(results, passedOn).compactMap { $1 == nil ? $0 : nil }
    }
    let lowering = ElementwiseFusion.apply(to: try Lowering(trace), fusesSingleCalls: true)
    guard lowering.calls.count == 1, case .kernel(let request) = lowering.calls[0].body,
      let request = request as? FusedRequest
    else { throw Self.notElementwise }
    let call = lowering.calls[0]
    sources = try zip(call.inputs, request.operandStrides).map { operand, strides in
      guard let operand else { throw Self.notElementwise }
      if let input = lowering.inputs.firstIndex(where: { $0.buffer == operand.buffer }) {
        return input < tensors.count ? .tensor(input) : .number(input - tensors.count)
      }
      guard case .constant(let storage) = lowering.buffers[operand.buffer], strides == [0] else {
        throw Self.notElementwise
      }
      return .constant(storage, byteOffset: operand.byteOffset)
    }
    var made = 0
    results = try passedOn.map { tensor in
      if let tensor { return .tensor(tensor) }
      defer { made += 1 }
      guard let place = call.outputs.firstIndex(where: { $0?.buffer == lowering.outputs[made].buffer }) else {
        throw Self.notElementwise
      }
      return .made(place)
    }
    self.types = Array(request.operandTypes.dropFirst(sources.count))
    let kept = Set(passedOn.compactMap { $0 })
    overwritable = self.types.indices.map { [sources] output in
      sources.indices.compactMap { input in
        guard case .tensor(let tensor) = sources[input], !kept.contains(tensor),
          request.mayOverwrite(input: input, byOutput: output)
        else { return nil }
        return tensor
      }
    }
    do { loop = try FusedLoop(types: request.operandTypes, steps: request.steps) } catch let error as KernelError {
      throw TensorError(error)
    }
  }

  private static var notElementwise: TensorError {
    TensorError(.internal, "operations that should read each element where it stands are no single pass")
  }

  private static func isSame(_ a: Tensor, _ b: Tensor) -> Bool {
    guard case .traced(let first) = a.contents, case .traced(let second) = b.contents else { return false }
    return first.index == second.index
  }

  /// Computes the results of all calls.
  ///
  /// - Parameter checked: the result whose numbers are looked at.
  /// - Throws: when there is no memory; then the calls are as they were.
  package func run(_ calls: inout [Call], checking checked: Int? = nil) throws {
    var fresh: [[Tensor]] = []
    for index in calls.indices { fresh.append(try outputs(of: &calls[index])) }
    let items = try zip(calls.indices, fresh).map { index, outputs in try item(calls[index], outputs) }
    var place: Int?
    if let checked, case .made(let output) = results[checked] { place = sources.count + output }
    let finite = withExtendedLifetime((calls, fresh)) { loop.run(items, checking: place) }
    for (index, outputs) in zip(calls.indices, fresh) {
      calls[index].isFinite = finite[index]
      calls[index].results = results.map { result in
        switch result {
        case .made(let output): outputs[output]
        case .tensor(let tensor): calls[index].tensors[tensor]
        }
      }
      calls[index].tensors = []
    }
  }

  /// Memory for what the loop makes: what a tensor leaves, or new.
  private func outputs(of call: inout Call) throws -> [Tensor] {
    call.tensors = try call.tensors.map { try $0.isScalarOrContiguous ? $0 : $0.contiguous() }
    var taken: Set<Int> = []
    return try types.indices.map { output in
      for tensor in overwritable[output] where !taken.contains(tensor) {
        if call.tensors[tensor].isAlone() {
          taken.insert(tensor)
          return call.tensors[tensor]
        }
      }
      return try Tensor.uninitialized(call.tensors.first?.shape ?? [], dtype: types[output])
    }
  }

  private func item(_ call: Call, _ outputs: [Tensor]) throws -> FusedLoop.Item {
    var isScalar: [Bool] = []
    let operands = try sources.map { source -> UnsafeMutableRawPointer in
      switch source {
      case .tensor(let index):
        isScalar.append(!call.tensors[index].isContiguous)
        return try call.tensors[index].address()
      case .number(let index):
        isScalar.append(true)
        return try call.numbers[index].address()
      case .constant(let storage, let byteOffset):
        isScalar.append(true)
        return storage.pointer + byteOffset
      }
    }
    return FusedLoop.Item(
      count: outputs.first?.count ?? 0, operands: operands + (try outputs.map { try $0.address() }),
      isScalar: isScalar + outputs.map { _ in false })
  }
}

extension Tensor {
  fileprivate var isScalarOrContiguous: Bool {
    isContiguous || (strides?.allSatisfy { $0 == 0 } ?? false)
  }
}
