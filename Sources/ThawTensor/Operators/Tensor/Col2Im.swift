import ThawTypes

/// Images put together from the elements of sliding blocks, which are added where they overlap (ONNX Col2Im-18;
/// PyTorch's `fold`).
public struct Col2Im: Composite {
  public var window: SlidingWindow

  public init(window: SlidingWindow = SlidingWindow()) { self.window = window }

  public static let schema = Schema(
    "Col2Im", versions: [18],
    inputs: [
      Input("input"), Input("image_shape", .index, value: true), Input("block_shape", .index, value: true),
    ], outputs: [Output("output")], batch: .rowwise)

  public init(_ node: NodeReader) throws { self.init(window: try SlidingWindow(node)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { window.attributes }

  /// The blocks' places over an image, which have to be as many as the input has.
  private func geometry(_ input: TensorType, image: [Int], block: [Int]) throws -> WindowGeometry {
    guard DType.elementCount(of: image) != nil, let blockCount = DType.elementCount(of: block), blockCount > 0 else {
      throw TensorError(.shape, "Col2Im: there are no images of shape \(image), or blocks of shape \(block)")
    }
    let geometry = try window.geometry(over: image, kernel: block, in: "Col2Im")
    let places = geometry.output.reduce(1, *)
    guard let dims = input.dims else { return geometry }
    guard dims.count == 3, dims[1].value.map({ $0 % blockCount == 0 }) ?? true,
      dims[2].value.map({ $0 == places }) ?? true
    else {
      throw TensorError(
        .shape,
        "Col2Im: the input is \(input), and should have batch, a multiple of \(blockCount) rows, and \(places) columns, "
          + "one for each place of a block")
    }
    return geometry
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let image = try known.integers(1), let block = try known.integers(2) else {
      return [.tensor(TensorType(input.dtype, nil))]
    }
    _ = try geometry(input, image: image, block: block)
    guard let dims = input.dims else { return [.tensor(TensorType(input.dtype, nil))] }
    let channels = dims[1].value.map { Dim.known($0 / block.reduce(1, *)) } ?? .unknown
    return [.tensor(TensorType(input.dtype, [dims[0], channels] + image.map(Dim.known)))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let image = try tensor(inputs, 1, of: Self.schema).integers()
    let block = try tensor(inputs, 2, of: Self.schema).integers()
    let geometry = try geometry(x.type, image: image, block: block)
    let axes = image.indices
    let padded = axes.map { image[$0] + geometry.padsBegin[$0] + geometry.padsEnd[$0] }
    guard let area = DType.elementCount(of: padded) else {
      throw TensorError(.shape, "Col2Im: there are no images of shape \(padded)")
    }
    let (inBlock, ofBlock) = (Strides.contiguous(for: block), Strides.contiguous(for: geometry.output))
    let inImage = Strides.contiguous(for: padded)
    let count = geometry.output.reduce(1, *)
    let places = try Tensor.vector(block.reduce(1, *) * count) { element -> Int in
      let (inside, place) = (element / count, element % count)
      return axes.reduce(0) { sum, axis in
        let start = place / ofBlock[axis] % geometry.output[axis] * geometry.strides[axis]
        return sum + (start + inside / inBlock[axis] % block[axis] * geometry.dilations[axis]) * inImage[axis]
      }
    }
    let channels = x.shape[1] / block.reduce(1, *)
    let columns = x.reshaped(to: Tensor([0, channels, -1]))
    let batch = Tensor.concat([x.shapeTensor().slice([0..<1]), Tensor([channels])])
    let spread = places.expanded(to: .concat([batch, Tensor([places.count])]))
    let zeros = columns.zeros(shape: .concat([batch, Tensor([area])]))
    let sums = zeros.scatterElements(spread, columns, axis: 2, reduction: .add)
    let images = sums.reshaped(to: Tensor([0, channels] + padded))
    return [
      .tensor(
        images.slice(
          starts: geometry.padsBegin, ends: axes.map { geometry.padsBegin[$0] + image[$0] }, axes: axes.map { $0 + 2 }))
    ]
  }
}
