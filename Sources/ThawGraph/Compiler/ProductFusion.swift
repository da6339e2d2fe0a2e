import ThawKernels
import ThawTensor
import ThawTypes

/// Lets a matrix product do what is done to its factors and its result: scaling by a constant, adding a row or another
/// tensor, ReLU, GELU, and writing in the order in which the result is needed.
struct ProductFusion {
  typealias Call = Lowering.Call
  typealias Operand = Lowering.Operand

  private var lowering: Lowering
  /// The places of the calls that read and that write each buffer, once for every operand.
  private var readers: [Int: [Int]] = [:]
  private var writers: [Int: [Int]] = [:]
  private let slots: Set<Int>
  private var removed: Set<Int> = []

  static func apply(to lowering: Lowering) -> Lowering {
    var pass = ProductFusion(lowering)
    return pass.run()
  }

  private init(_ lowering: Lowering) {
    self.lowering = lowering
    slots = Set((lowering.inputs + lowering.outputs).map(\.buffer))
    for (place, call) in lowering.calls.enumerated() {
      for case let operand? in call.inputs { readers[operand.buffer, default: []].append(place) }
      for case let operand? in call.outputs { writers[operand.buffer, default: []].append(place) }
    }
  }

  private mutating func run() -> Lowering {
    for place in lowering.calls.indices { foldScaledFactor(place) }
    for place in lowering.calls.indices where product(at: place) != nil {
      while foldReader(of: place) {}
    }
    let kept = lowering.calls.indices.filter { !removed.contains($0) }
    lowering.calls = kept.map { lowering.calls[$0] }
    lowering.origins = kept.map { lowering.origins[$0] }
    return lowering
  }

  /// A product of floating-point numbers that have loops of their own.
  private func product(at place: Int) -> MatMulRequest? {
    guard !removed.contains(place), case .kernel(let request) = lowering.calls[place].body,
      let product = request as? MatMulRequest, product.dtype == .float32 || product.dtype == .float64
    else { return nil }
    return product
  }

  /// The call that alone reads what the call at `place` alone writes, and all of it.
  private func onlyReader(of place: Int) -> (place: Int, output: Operand)? {
    guard lowering.calls[place].outputs.count == 1, let output = lowering.calls[place].outputs[0],
      writers[output.buffer] == [place], let reader = readers[output.buffer], reader.count == 1,
      !slots.contains(output.buffer), case .planned(let byteCount) = lowering.buffers[output.buffer],
      byteCount == output.shape.reduce(output.dtype.itemSize, *), output.byteOffset == 0
    else { return nil }
    return (reader[0], output)
  }

  private mutating func foldReader(of place: Int) -> Bool {
    guard let product = product(at: place), let (reader, output) = onlyReader(of: place),
      case .kernel(let request) = lowering.calls[reader].body
    else { return false }
    // A part of the product may be all that is read.
    let count = product.batch.reduce(product.m * product.n, *)
    switch request {
    case let binary as BinaryRequest where binary.shape.reduce(1, *) == count:
      return foldScale(binary, reader, into: product, place, output)
        || foldRow(binary, reader, into: product, place, output)
        || foldAddend(binary, reader, into: product, place, output)
    case let unary as UnaryRequest where unary.shape.reduce(1, *) == count:
      return foldActivation(unary, reader, into: product, place)
    case let copy as CopyRequest where copy.shape.reduce(1, *) == count:
      return foldCopy(copy, reader, into: product, place)
    default: return false
    }
  }

  /// Takes the reader's place, if the library computes the changed product as it computed the given one.
  private mutating func replace(
    _ reader: Int, by product: MatMulRequest, at place: Int, inputs: [Operand?], instead old: MatMulRequest
  ) -> Bool {
    guard isAsFast(product, as: old), let output = lowering.calls[reader].outputs[0],
      let former = lowering.calls[place].outputs[0]
    else { return false }
    lowering.calls[place] = Call(body: .kernel(product), inputs: inputs, outputs: [output])
    lowering.origins[place] += lowering.origins[reader]
    writers[former.buffer] = []
    readers[former.buffer] = []
    for case let operand? in lowering.calls[reader].inputs { readers[operand.buffer]?.removeAll { $0 == reader } }
    writers[output.buffer] = writers[output.buffer]?.map { $0 == reader ? place : $0 }
    for case let operand? in inputs where readers[operand.buffer]?.contains(place) != true {
      readers[operand.buffer, default: []].append(place)
    }
    removed.insert(reader)
    return true
  }

  /// A library refuses what it has no primitive for, and Thaw's own loops are slower.
  private func isAsFast(_ product: MatMulRequest, as old: MatMulRequest) -> Bool {
    let backend = Context.current.backend
    guard let kernel = try? KernelCache.shared.kernel(for: product, backend: backend),
      let former = try? KernelCache.shared.kernel(for: old, backend: backend)
    else { return false }
    return kernel.implementation == former.implementation || !former.implementation.hasPrefix("oneDNN")
      || kernel.implementation.hasPrefix("oneDNN")
  }

  // Scaling -----------------------------------------------------------------------------------------------------------

  /// The operand that a constant number scales, and by how much.
  private func scaling(_ binary: BinaryRequest, _ call: Call) -> (operand: Int, factor: Double)? {
    let strides = [binary.leftStrides, binary.rightStrides]
    for (scaled, number) in [(0, 1), (1, 0)] {
      guard binary.function == .multiply || (binary.function == .divide && scaled == 0),
        Strides.isContiguous(strides[scaled], for: binary.shape),
        strides[number].indices.allSatisfy({ strides[number][$0] == 0 || binary.shape[$0] == 1 }),
        let value = call.inputs[number].flatMap(constant)
      else { continue }
      let factor = binary.function == .multiply ? value : 1 / value
      if factor.isFinite { return (scaled, factor) }
    }
    return nil
  }

  private func constant(_ operand: Operand) -> Double? {
    guard case .constant(let storage) = lowering.buffers[operand.buffer],
      operand.byteOffset + operand.dtype.itemSize <= storage.byteCount
    else { return nil }
    let pointer = storage.pointer + operand.byteOffset
    return switch operand.dtype {
    case .float32: Double(pointer.load(as: Float.self))
    case .float64: pointer.load(as: Double.self)
    default: nil
    }
  }

  /// product · c
  private mutating func foldScale(
    _ binary: BinaryRequest, _ reader: Int, into product: MatMulRequest, _ place: Int, _ output: Operand
  ) -> Bool {
    let call = lowering.calls[reader]
    guard product.biasStrides == nil, product.isPlain, let (scaled, factor) = scaling(binary, call),
      call.inputs[scaled]?.buffer == output.buffer
    else { return false }
    var changed = product
    changed.alpha *= factor
    return replace(reader, by: changed, at: place, inputs: lowering.calls[place].inputs, instead: product)
  }

  /// (c · A) B, where c · A is a factor of products and read by nobody else.
  private mutating func foldScaledFactor(_ place: Int) {
    guard case .kernel(let request) = lowering.calls[place].body, let binary = request as? BinaryRequest,
      let (scaled, factor) = scaling(binary, lowering.calls[place]), let source = lowering.calls[place].inputs[scaled],
      let output = lowering.calls[place].outputs[0], writers[output.buffer] == [place],
      !slots.contains(output.buffer), let places = readers[output.buffer], !places.isEmpty,
      writers[source.buffer, default: []].allSatisfy({ $0 < place })
    else { return }
    var changes: [(place: Int, product: MatMulRequest)] = []
    for reader in Set(places) {
      guard let product = product(at: reader), product.biasStrides == nil, product.isPlain else { return }
      var changed = product
      for operand in lowering.calls[reader].inputs.prefix(2) where operand?.buffer == output.buffer {
        changed.alpha *= factor
      }
      guard isAsFast(changed, as: product) else { return }
      changes.append((reader, changed))
    }
    for (reader, product) in changes {
      let inputs = lowering.calls[reader].inputs.map { operand -> Operand? in
        guard var operand, operand.buffer == output.buffer else { return operand }
        operand.buffer = source.buffer
        operand.byteOffset += source.byteOffset - output.byteOffset
        return operand
      }
      lowering.calls[reader] = Call(body: .kernel(product), inputs: inputs, outputs: lowering.calls[reader].outputs)
    }
    readers[source.buffer] = (readers[source.buffer] ?? []).filter { $0 != place } + places
    readers[output.buffer] = []
    writers[output.buffer] = []
    removed.insert(place)
  }

  // A row -------------------------------------------------------------------------------------------------------------

  /// product + row
  private mutating func foldRow(
    _ binary: BinaryRequest, _ reader: Int, into product: MatMulRequest, _ place: Int, _ output: Operand
  ) -> Bool {
    let strides = [binary.leftStrides, binary.rightStrides]
    let call = lowering.calls[reader]
    guard binary.function == .add, product.biasStrides == nil, product.isPlain, product.alpha == 1,
      let mine = call.inputs.firstIndex(where: { $0?.buffer == output.buffer }),
      Strides.isContiguous(strides[mine], for: binary.shape), binary.shape.last == product.n,
      let row = call.inputs[1 - mine], writers[row.buffer, default: []].allSatisfy({ $0 < place }),
      let step = strides[1 - mine].last, step == 1 || product.n == 1,
      strides[1 - mine].dropLast().enumerated().allSatisfy({ $1 == 0 || binary.shape[$0] == 1 })
    else { return false }
    var changed = product
    changed.beta = 1
    changed.biasStrides = [0, step]
    let inputs = Array(lowering.calls[place].inputs.prefix(2)) + [row]
    return replace(reader, by: changed, at: place, inputs: inputs, instead: product)
  }

  // Another tensor, and functions ----------------------------------------------------------------------------------------

  /// product + tensor
  private mutating func foldAddend(
    _ binary: BinaryRequest, _ reader: Int, into product: MatMulRequest, _ place: Int, _ output: Operand
  ) -> Bool {
    let strides = [binary.leftStrides, binary.rightStrides]
    let call = lowering.calls[reader]
    guard binary.function == .add, product.isPlain,
      strides.allSatisfy({ Strides.isContiguous($0, for: binary.shape) }),
      let mine = call.inputs.firstIndex(where: { $0?.buffer == output.buffer }), let addend = call.inputs[1 - mine],
      addend.buffer != output.buffer, writers[addend.buffer, default: []].allSatisfy({ $0 < place })
    else { return false }
    var changed = product
    changed.hasAddend = true
    return replace(
      reader, by: changed, at: place, inputs: lowering.calls[place].inputs + [addend], instead: product)
  }

  private mutating func foldActivation(
    _ unary: UnaryRequest, _ reader: Int, into product: MatMulRequest, _ place: Int
  ) -> Bool {
    guard [.relu, .gelu, .geluTanh].contains(unary.function), product.activation == nil, product.outStrides == nil,
      Strides.isContiguous(unary.strides, for: unary.shape)
    else { return false }
    var changed = product
    changed.activation = unary.function
    return replace(reader, by: changed, at: place, inputs: lowering.calls[place].inputs, instead: product)
  }

  // Order -------------------------------------------------------------------------------------------------------------

  /// A product that is only copied into another order is written in that order.
  private mutating func foldCopy(
    _ copy: CopyRequest, _ reader: Int, into product: MatMulRequest, _ place: Int
  ) -> Bool {
    let call = lowering.calls[place]
    guard product.isPlain, let target = lowering.calls[reader].outputs[0],
      case .planned = lowering.buffers[target.buffer], lowering.calls[reader].inputs[0]?.byteOffset == 0,
      let strides = Self.arrangement(of: product, after: copy)
    else { return false }
    var changed = product
    changed.outStrides = strides
    if product.n == 1 || strides.last == 1 {
      changed.outStrides?[strides.count - 1] = 1
      return replace(reader, by: changed, at: place, inputs: call.inputs, instead: product)
    }
    guard product.m == 1 || strides[strides.count - 2] == 1, let other = changed.transposed() else { return false }
    var transposed = other
    transposed.outStrides?[strides.count - 1] = 1
    return replace(
      reader, by: transposed, at: place, inputs: [call.inputs[1], call.inputs[0], nil], instead: product)
  }

  /// How far apart the copy puts neighbours along each axis of the product; nil where it does more than exchange axes.
  private static func arrangement(of product: MatMulRequest, after copy: CopyRequest) -> [Int]? {
    let shape = product.batch + [product.m, product.n]
    let contiguous = Strides.contiguous(for: shape)
    var strides = shape.map { _ in 1 }
    var used: Set<Int> = []
    for axis in shape.indices where shape[axis] != 1 {
      let source = copy.shape.indices.first {
        copy.shape[$0] == shape[axis] && copy.inputStrides[$0] == contiguous[axis] && !used.contains($0)
      }
      guard let source, copy.outputStrides[source] > 0 else { return nil }
      used.insert(source)
      strides[axis] = copy.outputStrides[source]
    }
    return strides
  }
}

extension MatMulRequest {
  /// Whether nothing is done yet to the sum of product and bias.
  fileprivate var isPlain: Bool { outStrides == nil && !hasAddend && activation == nil }
}
