import ThawKernels
import ThawTensor

/// Lets a normalization by the batch's statistics, of images in blocks, go on with what follows it: a sum and ReLU, or
/// ReLU or Clip and their gradients.
///
/// What was normalized is then never stored: the gradient computes it again from what the convolution gave.
struct NormalizationFusion {
  private var lowering: Lowering
  private let uses: BufferUses
  private var calls: [Lowering.Call?]

  static func apply(to lowering: Lowering) -> Lowering {
    var pass = NormalizationFusion(lowering: lowering, uses: BufferUses(lowering), calls: lowering.calls)
    for index in lowering.calls.indices { pass.fuse(index) }
    pass.lowering.keep(pass.calls)
    return pass.lowering
  }

  /// What follows a normalization.
  private struct Match {
    var activation = NormalizationActivation.none
    var addend: Int?
    var output = 0
    /// The calls that it takes the place of.
    var calls: [Int] = []
  }

  private mutating func fuse(_ index: Int) {
    guard let (request, call) = normalization(index), request.mode == .training, request.activation == .none,
      let normalized = call.outputs[0]?.buffer, let match = follower(of: normalized, made: index)
    else { return }
    let gradient = match.addend == nil ? gradientCall(of: call, normalized, match) : nil
    // Whatever else reads the normalized numbers needs them in memory.
    let readers = Set(uses.readers[normalized] ?? [])
    guard readers.isSubset(of: match.calls + (gradient?.removed ?? [])) else { return }
    var forward = request
    forward.activation = match.activation
    forward.hasAddend = match.addend != nil
    var fused = call
    fused.outputs[0]?.buffer = match.output
    if let addend = match.addend, var operand = call.outputs[0] {
      operand.buffer = addend
      fused.inputs.append(operand)
    }
    fused.body = .kernel(forward)
    calls[index] = fused
    lowering.join(match.calls, into: index)
    for removed in match.calls { calls[removed] = nil }
    guard let gradient, var (backward, _) = normalization(gradient.index) else { return }
    backward.activation = match.activation
    calls[gradient.index]?.body = .kernel(backward)
    calls[gradient.index]?.inputs[0]?.buffer = gradient.behind
    calls[gradient.index]?.inputs.append(call.inputs[2])
    lowering.join(gradient.removed, into: gradient.index)
    for removed in gradient.removed { calls[removed] = nil }
  }

  private func normalization(_ index: Int) -> (BatchNormalizationRequest, Lowering.Call)? {
    guard let call = calls[index], case .kernel(let request) = call.body,
      let normalization = request as? BatchNormalizationRequest, normalization.layout != .plain
    else { return nil }
    return (normalization, call)
  }

  private func elementwise(_ index: Int) -> ElementwiseCall? {
    calls[index].flatMap { ElementwiseCall($0, in: lowering) }
  }

  private func follower(of normalized: Int, made index: Int) -> Match? {
    guard !uses.slots.contains(normalized), uses.maker(of: normalized) == index else { return nil }
    for reader in uses.readers[normalized] ?? [] {
      guard let call = elementwise(reader) else { continue }
      switch call.function {
      case .unary(.relu):
        return Match(activation: .relu, output: call.output, calls: [reader])
      case .binary(.add):
        // The addend has to be there when the normalization runs.
        guard case .whole(let addend)? = call.partner(of: normalized), addend != normalized,
          uses.slots.contains(addend) || (uses.writers[addend] ?? []).allSatisfy({ $0 < index }),
          let next = uses.onlyReader(of: call.output), let relu = elementwise(next), relu.function == .unary(.relu)
        else { continue }
        return Match(activation: .relu, addend: addend, output: relu.output, calls: [reader, next])
      case .binary(.maximum):
        guard case .constant(let lower)? = call.partner(of: normalized) else { continue }
        if let next = uses.onlyReader(of: call.output), let above = elementwise(next),
          above.function == .binary(.minimum), case .constant(let upper)? = above.partner(of: call.output),
          lower <= upper
        {
          let clip = NormalizationActivation.clip(lower: Float(lower), upper: Float(upper))
          return Match(activation: clip, output: above.output, calls: [reader, next])
        }
        return Match(
          activation: .clip(lower: Float(lower), upper: .infinity), output: call.output, calls: [reader])
      case .binary(.minimum):
        guard case .constant(let upper)? = call.partner(of: normalized) else { continue }
        return Match(
          activation: .clip(lower: -.infinity, upper: Float(upper)), output: call.output, calls: [reader])
      default: continue
      }
    }
    return nil
  }

  private struct Gradient {
    /// The normalization's gradient.
    let index: Int
    /// The buffer of the gradient behind the function.
    let behind: Int
    var removed: [Int]
  }

  /// The gradient of a normalization whose own incoming gradient is the function's and goes nowhere else.
  private func gradientCall(of call: Lowering.Call, _ normalized: Int, _ match: Match) -> Gradient? {
    guard let mean = call.outputs[1]?.buffer else { return nil }
    for index in uses.readers[mean] ?? [] {
      guard let (request, gradient) = normalization(index), request.mode == .backwardTraining,
        request.activation == .none, gradient.inputs[3]?.buffer == mean, gradient.inputs[1] == call.inputs[0],
        let incoming = gradient.inputs[0]?.buffer, uses.onlyReader(of: incoming) == index,
        let place = uses.maker(of: incoming), let select = elementwise(place), select.function == .select,
        case .whole(let mask) = select.inputs[0], let leaves = leaves(of: mask, before: place)
      else { continue }
      switch (match.activation, select.inputs[1], select.inputs[2]) {
      case (.relu, .whole(let behind), .constant(0)):
        guard leaves.count == 1, leaves[0].call.function == .binary(.greater),
          leaves[0].call.inputs == [.whole(match.output), .constant(0)]
        else { continue }
        return Gradient(index: index, behind: behind, removed: [place, leaves[0].index])
      case (.clip(let lower, let upper), .constant(0), .whole(let behind)):
        var found: Set<Float> = []
        var removed = [place]
        for leaf in leaves {
          removed.append(leaf.index)
          switch (leaf.call.function, leaf.call.inputs[0], leaf.call.inputs[1]) {
          case (.binary(.less), .whole(normalized), .constant(Double(lower))): found.insert(lower)
          case (.binary(.greater), .whole(normalized), .constant(Double(upper))): found.insert(upper)
          case (.binary(.or), _, _): continue
          default: return nil
          }
        }
        guard found == Set([lower, upper].filter(\.isFinite)) else { continue }
        return Gradient(index: index, behind: behind, removed: removed)
      default: continue
      }
    }
    return nil
  }

  /// The comparisons of which a mask is the disjunction, and the calls that join them; nil where one of them is read
  /// elsewhere too.
  private func leaves(of mask: Int, before reader: Int) -> [(index: Int, call: ElementwiseCall)]? {
    guard uses.onlyReader(of: mask) == reader, let index = uses.maker(of: mask), let call = elementwise(index)
    else { return nil }
    guard call.function == .binary(.or) else { return [(index, call)] }
    var result = [(index, call)]
    for input in call.inputs {
      switch input {
      case .constant(0): continue
      case .whole(let part):
        guard let parts = leaves(of: part, before: index) else { return nil }
        result += parts
      default: return nil
      }
    }
    return result
  }
}
