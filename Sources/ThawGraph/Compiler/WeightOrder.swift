import ThawKernels
import ThawTensor

/// Lets a product read an image in blocks as it lies: the rows of a weight that does not change are put in the order of
/// the image's elements once, and the image is not laid out anew in each run.
struct WeightOrder {
  private var lowering: Lowering
  private let uses: BufferUses

  static func apply(to lowering: Lowering) -> Lowering {
    var pass = WeightOrder(lowering: lowering, uses: BufferUses(lowering))
    return pass.run()
  }

  private mutating func run() -> Lowering {
    var kept = lowering.calls.map(Optional.some)
    for product in lowering.calls.indices {
      guard let copy = order(product) else { continue }
      lowering.join([copy], into: product)
      kept[product] = lowering.calls[product]
      kept[copy] = nil
    }
    lowering.keep(kept)
    return lowering
  }

  /// - Returns: the place of the copy that is not needed any more.
  private mutating func order(_ place: Int) -> Int? {
    guard case .kernel(let request) = lowering.calls[place].body, !lowering.calls[place].inputs.isEmpty,
      let product = (request as? MatMulRequest)?.joiningRows(), product.batch.isEmpty,
      product.leftStrides == [product.k, 1], let left = lowering.calls[place].inputs[0], left.byteOffset == 0,
      let weight = lowering.calls[place].inputs[1], case .constant(let storage) = lowering.buffers[weight.buffer],
      uses.onlyReader(of: left.buffer) == place, let maker = uses.maker(of: left.buffer),
      case .kernel(let made) = lowering.calls[maker].body, let copy = made as? CopyRequest,
      let image = lowering.calls[maker].inputs[0], lowering.calls[maker].outputs[0]?.byteOffset == 0,
      let order = Self.order(of: copy, rows: product.m, columns: product.k),
      isUnchanged(image.buffer, from: maker, to: place),
      let ordered = try? Storage(byteCount: product.k * product.n * product.dtype.itemSize)
    else { return nil }
    let itemSize = product.dtype.itemSize
    for (row, source) in order.enumerated() {
      for column in 0..<product.n {
        let element = source * product.rightStrides[0] + column * product.rightStrides[1]
        (ordered.pointer + (row * product.n + column) * itemSize)
          .copyMemory(from: storage.pointer + weight.byteOffset + element * itemSize, byteCount: itemSize)
      }
    }
    var changed = product
    changed.rightStrides = [product.n, 1]
    lowering.buffers.append(.constant(ordered))
    lowering.calls[place].body = .kernel(changed)
    lowering.calls[place].inputs[0] = Lowering.Operand(
      buffer: image.buffer, byteOffset: image.byteOffset, dtype: image.dtype, shape: [product.m, product.k],
      strides: [product.k, 1])
    lowering.calls[place].inputs[1] = Lowering.Operand(
      buffer: lowering.buffers.count - 1, dtype: weight.dtype, shape: [product.k, product.n], strides: [product.n, 1])
    return maker
  }

  /// For each element of a row as it is read, its place in the row as it is written; nil where the copy does more than
  /// exchange the elements of rows.
  private static func order(of copy: CopyRequest, rows: Int, columns: Int) -> [Int]? {
    guard copy.shape.first == rows, copy.shape.reduce(1, *) == rows * columns,
      Strides.isContiguous(copy.inputStrides, for: copy.shape), rows == 1 || copy.outputStrides[0] == columns
    else { return nil }
    var places = [0]
    for axis in 1..<max(1, copy.shape.count) {
      places = places.flatMap { place in (0..<copy.shape[axis]).map { place + $0 * copy.outputStrides[axis] } }
    }
    return places.sorted().elementsEqual(0..<columns) ? places : nil
  }

  private func isUnchanged(_ buffer: Int, from first: Int, to last: Int) -> Bool {
    uses.writers[buffer]?.allSatisfy { $0 <= first || $0 > last } ?? true
  }
}
