import ThawKernels
import ThawTensor
import ThawTypes

/// Lets images flow between convolutions with their channels in blocks, as the library convolves fastest.
///
/// Images that elementwise functions, pooling and normalization hand on share a layout; where something else reads or
/// writes one, it is laid out anew.
struct ChannelBlocking {
  typealias Operand = Lowering.Operand
  typealias Call = Lowering.Call

  private let layout: ChannelLayout
  private var lowering: Lowering
  /// The plain shape of each buffer that may hold an image in blocks.
  private var shapes: [Int: [Int]] = [:]
  /// The groups of such buffers, as a forest.
  private var parents: [Int: Int] = [:]
  /// The roots of the groups that are in blocks.
  private var blocked: Set<Int> = []
  private var calls: [Call] = []
  private var origins: [[Int]] = []
  private var plainCopies: [Int: Int] = [:]

  /// - Parameter layout: the one to use instead of the plain one.
  static func apply(to lowering: Lowering, layout: ChannelLayout = .preferred) -> Lowering {
    guard layout != .plain else { return lowering }
    var pass = ChannelBlocking(lowering, layout)
    return pass.run()
  }

  private init(_ lowering: Lowering, _ layout: ChannelLayout) {
    self.lowering = lowering
    self.layout = layout
  }

  private mutating func run() -> Lowering {
    findImages()
    findGroups()
    guard !blocked.isEmpty else { return lowering }
    for (call, origin) in zip(lowering.calls, lowering.origins) {
      let count = calls.count
      rewrite(call)
      origins += Array(repeating: origin, count: calls.count - count)
    }
    lowering.calls = calls
    lowering.origins = origins
    for buffer in shapes.keys where blocked.contains(root(of: buffer)) { lowering.layouts[buffer] = layout }
    return lowering
  }

  // Which buffers.

  private func isWhole(_ operand: Operand) -> Bool {
    let count = operand.shape.reduce(1, *)
    return operand.byteOffset == 0 && lowering.buffers[operand.buffer].byteCount == count * operand.dtype.itemSize
      && Strides.isContiguous(operand.strides, for: operand.shape)
  }

  /// A buffer may be in blocks if one call writes it, whole, and it is an image with enough channels.
  private mutating func findImages() {
    var writers: [Int: Int] = [:]
    for call in lowering.calls {
      for case let output? in call.outputs { writers[output.buffer, default: 0] += 1 }
    }
    let slots = Set((lowering.inputs + lowering.outputs).map(\.buffer))
    for call in lowering.calls {
      for case let output? in call.outputs where writers[output.buffer] == 1 && !slots.contains(output.buffer) {
        guard case .planned = lowering.buffers[output.buffer], isWhole(output) else { continue }
        shapes[output.buffer] = imageShape(output, of: call)
      }
    }
    for buffer in shapes.keys { parents[buffer] = buffer }
  }

  private func imageShape(_ output: Operand, of call: Call) -> [Int]? {
    let shape = output.shape
    guard (3...5).contains(shape.count), shape[1] % layout.block == 0, shape[1] > 0,
      shape[2...].reduce(1, *) > 1, shape.allSatisfy({ $0 > 0 }), links(of: call) != nil
    else { return nil }
    return shape
  }

  // Which of them belong together.

  /// The images of a call that can be in blocks if all of them are; nil when it takes none.
  private func links(of call: Call) -> [Operand]? {
    guard case .kernel(let request) = call.body else { return nil }
    func image(_ operand: Operand?, like shape: [Int]) -> Bool {
      operand.map { $0.shape == shape && Strides.isContiguous($0.strides, for: shape) && $0.byteOffset == 0 } ?? false
    }
    switch request {
    case is UnaryRequest, is BinaryRequest, is SelectRequest:
      guard let output = call.outputs.first ?? nil else { return nil }
      return [output] + call.inputs.compactMap { $0 }.filter { image($0, like: output.shape) }
    case let request as BatchNormalizationRequest where request.dtype == .float32:
      return (call.inputs + call.outputs).compactMap { $0 }.filter { $0.shape.count > 2 }
    case let request as PoolingRequest where request.dtype == .float32:
      guard fitsBlocks(request) else { return nil }
      return (call.inputs + call.outputs).compactMap { $0 }
    default: return request is ConvolutionRequest ? [] : nil
    }
  }

  private func root(of buffer: Int) -> Int {
    var buffer = buffer
    while let parent = parents[buffer], parent != buffer { buffer = parent }
    return buffer
  }

  private mutating func findGroups() {
    var excluded: Set<Int> = []
    var indices: [Int: (forward: Int, backward: Int)] = [:]
    for call in lowering.calls {
      if let links = links(of: call) {
        let known = links.filter { shapes[$0.buffer] != nil }
        if let pooling = request(call) as? PoolingRequest, pooling.function == .maximum, !canBlock(pooling, call) {
          // Indices are bytes in blocks, and so both directions are in blocks or neither is.
          excluded.formUnion(known.map { $0.buffer })
        }
        for (a, b) in zip(known, known.dropFirst()) { parents[root(of: b.buffer)] = root(of: a.buffer) }
      }
      if let pooling = request(call) as? PoolingRequest, pooling.function == .maximum {
        switch pooling.direction {
        case .forward:
          if let output = call.outputs.last ?? nil, pooling.hasIndices {
            indices[output.buffer, default: (0, 0)].forward += 1
          }
        case .backward: if let input = call.inputs[1] { indices[input.buffer, default: (0, 0)].backward += 1 }
        }
      }
    }
    // Indices that anything else reads stay as ONNX has them, and their images plain.
    var uses: [Int: Int] = [:]
    for call in lowering.calls {
      for case let operand? in call.inputs + call.outputs { uses[operand.buffer, default: 0] += 1 }
    }
    for (buffer, count) in indices where shapes[buffer] != nil {
      if uses[buffer] == count.forward + count.backward, count.forward == 1 { continue }
      excluded.insert(buffer)
    }
    var convolved: Set<Int> = []
    for call in lowering.calls {
      guard let convolution = request(call) as? ConvolutionRequest else { continue }
      for (operand, channels) in images(of: convolution, call) where shapes[operand.buffer] != nil {
        if operand.shape[1] == channels, isBlockable(convolution) {
          convolved.insert(root(of: operand.buffer))
        }
      }
    }
    blocked = convolved.subtracting(excluded.map(root))
  }

  /// Whether windows can be told apart by a byte, as indices in blocks are.
  private func fitsBlocks(_ pooling: PoolingRequest) -> Bool {
    pooling.kernelSize.reduce(1, *) <= 255 && !pooling.columnMajorIndices
  }

  /// Whether a maximum pooling can run in blocks if its indices are in blocks.
  private func canBlock(_ pooling: PoolingRequest, _ call: Call) -> Bool {
    guard pooling.channels % layout.block == 0 else { return false }
    let operands = (call.inputs + call.outputs).compactMap { $0 }
    let indices = pooling.direction == .backward ? call.inputs[1] : pooling.hasIndices ? call.outputs.last ?? nil : nil
    return indices.map { shapes[$0.buffer] != nil } ?? true
      && operands.allSatisfy { shapes[$0.buffer] == nil || shapes[$0.buffer] == $0.shape && isWhole($0) }
  }

  private func request(_ call: Call) -> (any KernelRequest)? {
    if case .kernel(let request) = call.body { request } else { nil }
  }

  /// Whether the library convolves faster in blocks, or at all.
  private func isBlockable(_ convolution: ConvolutionRequest) -> Bool {
    let isDepthwise =
      convolution.groups == convolution.inputChannels && convolution.groups == convolution.outputChannels
    guard convolution.dtype == .float32, convolution.groups == 1 || isDepthwise else { return false }
    return isAvailable(inBlocks(convolution, [true, true]))
  }

  /// The convolution with those of its input and its output in blocks that can be and should be.
  private func inBlocks(_ convolution: ConvolutionRequest, _ areBlocked: [Bool]) -> ConvolutionRequest {
    func layout(_ channels: Int, _ isBlocked: Bool) -> ChannelLayout {
      isBlocked && channels % self.layout.block == 0 ? self.layout : .plain
    }
    var convolution = convolution
    convolution.inputLayout = layout(convolution.inputChannels, areBlocked[0])
    convolution.outputLayout = layout(convolution.outputChannels, areBlocked[1])
    return convolution
  }

  private func isAvailable(_ request: some KernelRequest) -> Bool {
    (try? KernelCache.shared.kernel(for: request, backend: Context.current.backend)) != nil
  }

  private func images(of convolution: ConvolutionRequest, _ call: Call) -> [(Operand, channels: Int)] {
    let x: Operand?
    let y: Operand?
    switch convolution.direction {
    case .forward: (x, y) = (call.inputs[0], call.outputs[0])
    case .inputGradient: (x, y) = (call.outputs[0], call.inputs[0])
    case .weightGradient: (x, y) = (call.inputs[0], call.inputs[1])
    }
    return [(x, convolution.inputChannels), (y, convolution.outputChannels)].compactMap { operand, channels in
      operand.map { ($0, channels) }
    }
  }

  /// Whether an operand is a whole image in blocks.
  private func isBlocked(_ operand: Operand?) -> Bool {
    guard let operand, let shape = shapes[operand.buffer], blocked.contains(root(of: operand.buffer)) else {
      return false
    }
    return operand.shape == shape && operand.byteOffset == 0 && Strides.isContiguous(operand.strides, for: shape)
  }

  private func holdsBlocks(_ operand: Operand?) -> Bool {
    guard let operand, shapes[operand.buffer] != nil else { return false }
    return blocked.contains(root(of: operand.buffer))
  }

  // What the calls become.

  private mutating func rewrite(_ call: Call) {
    guard (call.inputs + call.outputs).contains(where: holdsBlocks) else { return calls.append(call) }
    if let rewritten = inBlocks(call) { return append(rewritten) }
    var call = call
    call.inputs = call.inputs.map { operand in
      guard let operand, holdsBlocks(operand) else { return operand }
      var plain = operand
      plain.buffer = plainCopy(of: operand.buffer, dtype: operand.dtype)
      return plain
    }
    var results: [(plain: Operand, blocked: Int)] = []
    call.outputs = call.outputs.map { operand in
      guard var operand, holdsBlocks(operand) else { return operand }
      let target = operand.buffer
      operand.buffer = lowering.addBuffer(byteCount: lowering.buffers[target].byteCount)
      results.append((operand, target))
      return operand
    }
    calls.append(call)
    for (plain, target) in results {
      plainCopies[target] = plain.buffer
      calls.append(relayout(plain, into: target, isBlocking: true))
    }
  }

  /// The same call on images in blocks; nil when it cannot take them.
  private func inBlocks(_ call: Call) -> Call? {
    var call = call
    switch request(call) {
    case let convolution as ConvolutionRequest:
      guard !(call.inputs + call.outputs).contains(where: { holdsBlocks($0) && !isBlocked($0) }) else { return nil }
      let request = inBlocks(convolution, images(of: convolution, call).map { isBlocked($0.0) })
      guard isAvailable(request) else { return nil }
      call.body = .kernel(request)
    case var normalization as BatchNormalizationRequest:
      guard (call.inputs + call.outputs).allSatisfy({ !holdsBlocks($0) || isBlocked($0) }) else { return nil }
      normalization.layout = layout
      call.body = .kernel(normalization)
    case var pooling as PoolingRequest:
      guard fitsBlocks(pooling), (call.inputs + call.outputs).allSatisfy({ !holdsBlocks($0) || isBlocked($0) }) else {
        return nil
      }
      pooling.layout = layout
      call.body = .kernel(pooling)
    case let unary as UnaryRequest:
      guard isBlocked(call.outputs[0]), let strides = strides(call, [unary.strides]) else { return nil }
      var request = unary
      request.shape = layout.shape(of: unary.shape)
      request.strides = strides[0]
      call.body = .kernel(request)
    case let binary as BinaryRequest:
      guard isBlocked(call.outputs[0]), let strides = strides(call, [binary.leftStrides, binary.rightStrides]) else {
        return nil
      }
      var request = binary
      request.shape = layout.shape(of: binary.shape)
      (request.leftStrides, request.rightStrides) = (strides[0], strides[1])
      call.body = .kernel(request)
    case let select as SelectRequest:
      let given = [select.conditionStrides, select.trueStrides, select.falseStrides]
      guard isBlocked(call.outputs[0]), let strides = strides(call, given) else { return nil }
      var request = select
      request.shape = layout.shape(of: select.shape)
      (request.conditionStrides, request.trueStrides, request.falseStrides) = (strides[0], strides[1], strides[2])
      call.body = .kernel(request)
    case let reduction as ReductionRequest:
      // What is kept must lie as it would of a plain image.
      let rank = reduction.shape.count
      guard isBlocked(call.inputs[0]), !holdsBlocks(call.outputs[0]), call.inputs[0]?.shape == reduction.shape,
        reduction.axes.contains(1) || (2..<rank).allSatisfy(reduction.axes.contains),
        reduction.function != .argMaximum, reduction.function != .argMinimum
      else { return nil }
      var request = reduction
      request.shape = layout.shape(of: reduction.shape)
      request.strides = Strides.contiguous(for: request.shape)
      request.axes = reduction.axes.flatMap { layout.axes(of: $0, rank: rank) }.sorted()
      call.body = .kernel(request)
    default: return nil
    }
    return call
  }

  /// Appends a call in blocks, all of whose images are, and lays those out that are not elsewhere.
  private mutating func append(_ call: Call) {
    let kind = request(call)
    guard kind is BatchNormalizationRequest || kind is PoolingRequest else { return calls.append(call) }
    func needsLayout(_ operand: Operand?) -> Bool {
      operand.map { $0.shape.count > 2 && !holdsBlocks($0) } ?? false
    }
    var call = call
    call.inputs = call.inputs.map { operand in
      guard let operand, needsLayout(operand) else { return operand }
      let copy = lowering.addBuffer(byteCount: operand.shape.reduce(operand.dtype.itemSize, *))
      calls.append(relayout(operand, into: copy, isBlocking: true))
      return whole(operand, in: copy)
    }
    var results: [Call] = []
    call.outputs = call.outputs.map { operand in
      guard let operand, needsLayout(operand) else { return operand }
      let copy = lowering.addBuffer(byteCount: operand.shape.reduce(operand.dtype.itemSize, *))
      results.append(relayout(operand, into: copy, isBlocking: false))
      return whole(operand, in: copy)
    }
    calls.append(call)
    calls += results
  }

  private func whole(_ operand: Operand, in buffer: Int) -> Operand {
    Operand(
      buffer: buffer, dtype: operand.dtype, shape: operand.shape, strides: Strides.contiguous(for: operand.shape))
  }

  /// The strides of an elementwise call's inputs over an image in blocks; nil when one lies in blocks otherwise.
  private func strides(_ call: Call, _ given: [[Int]]) -> [[Int]]? {
    var result: [[Int]] = []
    for (operand, strides) in zip(call.inputs, given) {
      if isBlocked(operand), operand?.shape == call.outputs[0]?.shape {
        result.append(Strides.contiguous(for: layout.shape(of: operand?.shape ?? [])))
      } else if holdsBlocks(operand) {
        return nil
      } else {
        result.append(layout.strides(of: strides))
      }
    }
    return result
  }

  /// A buffer with the same image laid out plainly, made at the first need.
  private mutating func plainCopy(of buffer: Int, dtype: DType) -> Int {
    if let copy = plainCopies[buffer] { return copy }
    let copy = lowering.addBuffer(byteCount: lowering.buffers[buffer].byteCount)
    plainCopies[buffer] = copy
    let shape = shapes[buffer] ?? []
    let plain = Operand(buffer: copy, dtype: dtype, shape: shape, strides: Strides.contiguous(for: shape))
    calls.append(relayout(plain, into: buffer, isBlocking: false))
    return copy
  }

  private func relayout(_ plain: Operand, into target: Int, isBlocking: Bool) -> Call {
    let shape = layout.shape(of: plain.shape)
    let blockStrides = Strides.contiguous(for: shape)
    let blocks = Operand(buffer: target, dtype: plain.dtype, shape: shape, strides: blockStrides)
    let plainStrides = layout.strides(of: plain.strides)
    let request = CopyRequest(
      itemSize: plain.dtype.itemSize, shape: shape, inputStrides: isBlocking ? plainStrides : blockStrides,
      outputStrides: isBlocking ? blockStrides : plainStrides)
    return Call(
      body: .kernel(request), inputs: [isBlocking ? plain : blocks], outputs: [isBlocking ? blocks : plain])
  }
}

extension Lowering {
  /// A new buffer of the arena.
  mutating func addBuffer(byteCount: Int) -> Int {
    buffers.append(.planned(byteCount: byteCount))
    return buffers.count - 1
  }
}
