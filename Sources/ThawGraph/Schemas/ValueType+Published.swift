import ThawONNX
import ThawTensor
import ThawTypes

extension ValueType {
  /// The type as published schemas write it, without dimensions: `tensor(float)`, `seq(tensor(int64))`.
  var published: String {
    switch self {
    case .tensor(let tensor): "tensor(\(tensor.dtype.published))"
    case .sparseTensor(let tensor): "sparse_tensor(\(tensor.dtype.published))"
    case .sequence(let element): "seq(\(element.published))"
    case .optional(let element): "optional(\(element.published))"
    // The values of a map are single ones.
    case .map(let key, .tensor(let tensor)): "map(\(key.published), \(tensor.dtype.published))"
    case .map(let key, let value): "map(\(key.published), \(value.published))"
    }
  }
}

extension DType {
  /// ONNX's name of the element type, such as `float` and `double`.
  package var published: String { TypeText.text(elementType: rawValue) }
}
