import ThawTypes

/// How the pads of a window are chosen, by ONNX's names.
public enum AutoPad: String, Hashable, Sendable {
  /// As the attribute `pads` says.
  case notSet = "NOTSET"
  /// As many outputs as the input divided by the stride, rounded up; an odd pad goes to the end.
  case sameUpper = "SAME_UPPER"
  /// The same, an odd pad at the beginning.
  case sameLower = "SAME_LOWER"
  /// No pads.
  case valid = "VALID"

  /// A sum of pads shared between beginning and end.
  func split(_ total: Int) -> (begin: Int, end: Int) {
    let half = total / 2
    return self == .sameUpper ? (half, total - half) : (total - half, half)
  }
}

/// How a window moves over spatial axes: what Conv, ConvTranspose and the pools are told alike.
public struct SlidingWindow: Hashable, Sendable {
  /// The window's size; nil where a weight tells it.
  public var kernel: [Int]?
  /// The steps from window to window; nil for 1.
  public var strides: [Int]?
  /// The pads before each axis, then those behind each; nil for none.
  public var pads: [Int]?
  /// The steps from element to element inside the window; nil for 1.
  public var dilations: [Int]?
  public var autoPad: AutoPad

  public init(
    kernel: [Int]? = nil, strides: [Int]? = nil, pads: [Int]? = nil, dilations: [Int]? = nil,
    autoPad: AutoPad = .notSet
  ) {
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
    self.dilations = dilations
    self.autoPad = autoPad
  }

  /// Takes the attributes from a node. Pads of 0 beside an `auto_pad`, which some exporters write, say nothing.
  init(_ node: NodeReader, hasDilations: Bool = true) throws {
    let name = try node.string("auto_pad") ?? "NOTSET"
    guard let autoPad = AutoPad(rawValue: name) else {
      throw TensorError(
        .unsupported,
        "\(node.name): the attribute auto_pad is '\(name)', and only NOTSET, SAME_UPPER, SAME_LOWER and "
          + "VALID are supported")
    }
    var pads = try node.ints("pads")
    if autoPad != .notSet {
      guard pads?.allSatisfy({ $0 == 0 }) ?? true else {
        throw TensorError(
          .operand, "\(node.name): the attributes pads and auto_pad (\(name)) contradict each other; leave one out")
      }
      pads = nil
    }
    self.init(
      kernel: try node.ints("kernel_shape"), strides: try node.ints("strides"), pads: pads,
      dilations: hasDilations ? try node.ints("dilations") : nil, autoPad: autoPad)
  }

  var attributes: [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    attributes["kernel_shape"] = kernel.map(Attribute.ints)
    attributes["strides"] = strides.map(Attribute.ints)
    attributes["pads"] = pads.map(Attribute.ints)
    attributes["dilations"] = dilations.map(Attribute.ints)
    if autoPad != .notSet { attributes["auto_pad"] = .text(autoPad.rawValue) }
    return attributes
  }

  /// Whether elements inside the window are neighbours.
  var isDense: Bool { dilations?.allSatisfy { $0 == 1 } ?? true }

  /// The window along each of `rank` axes.
  ///
  /// - Throws: `TensorError` of kind `operand` or `range` when an attribute has another length or a number that no
  ///   window can have.
  func axes(kernel: [Int?], in name: String) throws -> [WindowAxis] {
    let rank = kernel.count
    try check(strides, "strides", count: rank, from: 1, in: name)
    try check(dilations, "dilations", count: rank, from: 1, in: name)
    try check(self.kernel, "kernel_shape", count: rank, from: 1, in: name)
    try check(pads, "pads", count: 2 * rank, from: 0, in: name)
    return try (0..<rank).map { axis in
      let size = self.kernel?[axis] ?? kernel[axis]
      if let size, let other = kernel[axis], size != other {
        throw TensorError(
          .shape,
          "\(name): the attribute kernel_shape is \(self.kernel ?? []), and along spatial axis \(axis) the "
            + "weight has size \(other)")
      }
      let dilation = dilations?[axis] ?? 1
      let extent = try size.map { size in
        // Where both are below 2³¹ the product cannot overflow.
        let extent = (min(size, WindowAxis.limit) - 1) * dilation + 1
        guard (1...WindowAxis.limit).contains(size), extent <= WindowAxis.limit else {
          throw TensorError(
            .range,
            "\(name): along spatial axis \(axis) a kernel of size \(size) with dilation \(dilation) has no "
              + "possible extent")
        }
        return extent
      }
      return WindowAxis(
        index: axis, size: size, extent: extent, stride: strides?[axis] ?? 1, dilation: dilation,
        pads: (pads?[axis] ?? 0, pads?[rank + axis] ?? 0), autoPad: autoPad)
    }
  }

  private func check(_ values: [Int]?, _ attribute: String, count: Int, from least: Int, in name: String) throws {
    guard let values else { return }
    guard values.count == count else {
      throw TensorError(
        .operand, "\(name): the attribute \(attribute) is \(values), and for these inputs it needs \(count) numbers")
    }
    guard values.allSatisfy({ $0 >= least && $0 <= WindowAxis.limit }) else {
      throw TensorError(
        .range,
        "\(name): the attribute \(attribute) is \(values), and its numbers must lie between \(least) and "
          + "\(WindowAxis.limit)")
    }
  }

  /// The dimensions of a tensor's spatial axes.
  ///
  /// - Throws: `TensorError` of kind `unsupported` when there are none, or more than three.
  static func spatial<D>(_ dims: [D], in name: String) throws -> [D] {
    guard (3...5).contains(dims.count) else {
      throw TensorError(
        .unsupported, "\(name): the input has rank \(dims.count); batch, channels and 1 to 3 spatial axes are supported"
      )
    }
    return Array(dims[2...])
  }

  /// The sizes of the outputs over spatial axes that may be unknown.
  func outputDims(over input: [Dim], kernel: [Int?], ceilMode: Bool = false, in name: String) throws -> [Dim] {
    try zip(input, try axes(kernel: kernel, in: name)).map { dim, axis in
      if let size = dim.value, axis.extent != nil {
        return .known(try axis.placed(over: size, ceilMode: ceilMode, in: name).output)
      }
      return axis.keepsSize ? dim : .unknown
    }
  }

  /// The window's places over spatial axes of these sizes.
  func geometry(
    over input: [Int], kernel: [Int]? = nil, ceilMode: Bool = false, in name: String
  ) throws -> WindowGeometry {
    guard let kernel = kernel ?? self.kernel else {
      throw TensorError(.operand, "\(name): the attribute 'kernel_shape' is missing")
    }
    guard kernel.count == input.count else {
      throw TensorError(
        .operand, "\(name): the attribute kernel_shape is \(kernel), and the input has \(input.count) spatial axes")
    }
    let axes = try axes(kernel: kernel, in: name)
    let placed = try zip(input, axes).map { try $1.placed(over: $0, ceilMode: ceilMode, in: name) }
    return WindowGeometry(
      input: input, output: placed.map(\.output), kernel: kernel, strides: axes.map(\.stride),
      dilations: axes.map(\.dilation), padsBegin: placed.map(\.begin), padsEnd: placed.map(\.end))
  }
}
