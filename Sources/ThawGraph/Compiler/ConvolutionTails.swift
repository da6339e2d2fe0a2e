import ThawKernels
import ThawTensor

/// Lets convolutions in blocks store what the elementwise functions behind them make of their results: ReLU, Clip,
/// Sigmoid, Tanh, HardSwish, and the sum with an image that nothing needs afterwards, which is then overwritten.
///
/// The library's functions give a number where they get NaN.
struct ConvolutionTails {
  private var lowering: Lowering
  private var uses: BufferUses
  private var calls: [Lowering.Call?]

  static func apply(to lowering: Lowering) -> Lowering {
    var pass = ConvolutionTails(lowering: lowering, uses: BufferUses(lowering), calls: lowering.calls)
    for index in lowering.calls.indices { pass.fuse(index) }
    pass.lowering.keep(pass.calls)
    return pass.lowering
  }

  private mutating func fuse(_ start: Int) {
    guard var call = calls[start], case .kernel(let request) = call.body,
      var convolution = request as? ConvolutionRequest,
      convolution.direction == .forward, convolution.dtype == .float32,
      convolution.inputLayout != .plain || convolution.outputLayout != .plain, var result = call.outputs[0]
    else { return }
    var place = start
    var sum: Int?
    while let next = uses.onlyReader(of: result.buffer),
      let follower = calls[next].flatMap({
        ElementwiseCall($0, in: lowering)
      })
    {
      guard let (tail, addend) = tail(follower, of: result.buffer, at: next, convolution: call, start) else { break }
      var extended = convolution
      extended.tails = Self.joined(convolution.tails, tail)
      guard (try? KernelCache.shared.kernel(for: extended, backend: Context.current.backend)) != nil else { break }
      convolution = extended
      sum = sum ?? addend
      lowering.join([place], into: next)
      calls[place] = nil
      place = next
      result.buffer = follower.output
    }
    guard place != start else { return }
    call.body = .kernel(convolution)
    call.outputs[0] = result
    calls[place] = call
    if let sum { overwrite(sum, with: result.buffer, at: place) }
  }

  private func tail(
    _ follower: ElementwiseCall, of buffer: Int, at place: Int, convolution: Lowering.Call, _ start: Int
  ) -> (ConvolutionTail, addend: Int?)? {
    switch (follower.function, follower.partner(of: buffer)) {
    case (.unary(let function), _) where follower.inputs == [.whole(buffer)]:
      switch function {
      case .relu: return (.relu, nil)
      case .sigmoid: return (.sigmoid, nil)
      case .tanh: return (.tanh, nil)
      case .hardSwish: return (.hardSwish, nil)
      default: return nil
      }
    case (.binary(.maximum), .constant(let bound)): return (.clip(lower: Float(bound), upper: .infinity), nil)
    case (.binary(.minimum), .constant(let bound)): return (.clip(lower: -.infinity, upper: Float(bound)), nil)
    case (.binary(.add), .whole(let addend)):
      return canOverwrite(addend, at: place, with: follower.output, convolution, start) ? (.sum, addend) : nil
    default: return nil
    }
  }

  /// A maximum and the minimum behind it are one function.
  private static func joined(_ tails: [ConvolutionTail], _ tail: ConvolutionTail) -> [ConvolutionTail] {
    if case .clip(let lower, .infinity)? = tails.last, case .clip(-.infinity, let upper) = tail, lower <= upper {
      return tails.dropLast() + [.clip(lower: lower, upper: upper)]
    }
    return tails + [tail]
  }

  /// Whether the convolution may run as late as at `place`, and there overwrite an image that nothing reads later.
  private func canOverwrite(
    _ addend: Int, at place: Int, with output: Int, _ convolution: Lowering.Call, _ start: Int
  ) -> Bool {
    let read = Set(convolution.inputs.compactMap { $0?.buffer })
    guard case .planned(let byteCount) = lowering.buffers[addend], !uses.slots.contains(addend),
      !uses.slots.contains(output), lowering.buffers[output].byteCount == byteCount, !read.contains(addend),
      uses.readers[addend]?.last == place, (uses.writers[addend] ?? [place]).allSatisfy({ $0 < place })
    else { return false }
    return !calls[start..<place].contains { call in
      call?.outputs.contains { $0.map { read.contains($0.buffer) } ?? false } ?? false
    }
  }

  private mutating func overwrite(_ addend: Int, with output: Int, at place: Int) {
    func renamed(_ operand: Lowering.Operand?) -> Lowering.Operand? {
      guard var operand, operand.buffer == output else { return operand }
      operand.buffer = addend
      return operand
    }
    for index in place..<calls.count {
      guard var call = calls[index] else { continue }
      call.inputs = call.inputs.map(renamed)
      call.outputs = call.outputs.map(renamed)
      calls[index] = call
    }
    uses.replace(output, by: addend, from: place)
  }
}
