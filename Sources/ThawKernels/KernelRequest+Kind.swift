// What requests say of themselves, for `thaw explain`.

extension KernelRequest {
  package var kind: String {
    let words = "\(Self.self)".split { $0 == "<" }[0]
    let name = words.hasSuffix("Request") ? words.dropLast("Request".count) : words
    return name.reduce(into: "") { text, letter in
      if letter.isUppercase, !text.isEmpty { text += " " }
      text += letter.lowercased()
    }
  }

  package var arithmetic: Double { 0 }
}

extension ConvertibleRequest {
  package var kind: String { operation }
}

extension ConvolutionRequest {
  package var kind: String {
    let isDepthwise = groups > 1 && groups == inputChannels
    var words = [isDepthwise ? "depthwise convolution \(direction.words)" : "convolution \(direction.words)"]
    if groups > 1, !isDepthwise { words.append("\(groups) groups") }
    if usesWinograd { words.append("winograd") }
    if isWeightPacked { words.append("packed") }
    return words.joined(separator: ", ")
  }

  package var arithmetic: Double {
    let taps = kernelSize.reduce(1.0) { $0 * Double($1) }
    let inputs = Double(inputChannels) / Double(max(groups, 1))
    return outputSize.reduce(2 * Double(batch) * Double(outputChannels) * inputs * taps) { $0 * Double($1) }
  }
}

extension ConvolutionDirection {
  fileprivate var words: String {
    switch self {
    case .forward: "forward"
    case .inputGradient: "input gradient"
    case .weightGradient: "weight gradient"
    }
  }
}

extension MatMulRequest {
  package var kind: String {
    var words = [operation]
    if let activation { words.append("\(activation)") }
    if isRightPacked { words.append("packed") }
    return words.joined(separator: ", ")
  }

  package var arithmetic: Double { batch.reduce(2 * Double(m) * Double(n) * Double(k)) { $0 * Double($1) } }
}

extension PoolingRequest {
  package var kind: String {
    let name =
      switch function {
      case .maximum: "maximum pooling"
      case .average: "average pooling"
      }
    return "\(name) \(direction)"
  }
}

extension FusedRequest {
  package var kind: String {
    "fused: "
      + steps.map { step in
        switch step.function {
        case .unary(let function, _, _): "\(function)"
        case .binary(let function): "\(function)"
        case .select: "select"
        }
      }.joined(separator: " ")
  }
}
