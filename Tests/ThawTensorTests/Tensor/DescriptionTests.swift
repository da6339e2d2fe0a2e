import Testing
import ThawTypes

@testable import ThawTensor

/// One tensor and how PyTorch 2.13 prints it, but for "torch." before the type.
struct DescriptionRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let tensor: Tensor
  let expected: String

  init(_ name: String, _ tensor: Tensor, _ expected: String) {
    testDescription = name
    self.tensor = tensor
    self.expected = expected
  }
}

@Suite("Description") struct DescriptionTests {
  @Test("a tensor prints as in PyTorch", arguments: rows)
  func description(row: DescriptionRow) {
    #expect(row.tensor.description == row.expected)
  }

  @Test("what failed says so") func poisoned() throws {
    let error = #expect(throws: TensorError.self) {
      try withErrors {
        let failed = Tensor([1, 2]) + Tensor([1, 2, 3])
        #expect(failed.description.hasPrefix("tensor(<failed: Add: the shapes [2] and [3] do not broadcast"))
      }
    }
    #expect(error?.kind == .shape)
  }

  private static let rows: [DescriptionRow] = [
    .init("whole numbers", Tensor([1, -2, 300] as [Float]), "tensor([  1.,  -2., 300.])"),
    .init("four decimals", Tensor([1.5, -2.25, 0.1]), "tensor([ 1.5000, -2.2500,  0.1000])"),
    .init("scientific, a small number", Tensor([1e-5, 0.1]), "tensor([1.0000e-05, 1.0000e-01])"),
    .init("scientific, a wide range", Tensor([0.001, 1.5, 0]), "tensor([1.0000e-03, 1.5000e+00, 0.0000e+00])"),
    .init("scientific, a large number", Tensor([1e9, 1]), "tensor([1.0000e+09, 1.0000e+00])"),
    .init("scientific whole numbers", Tensor([1, 2000] as [Float]), "tensor([1.0000e+00, 2.0000e+03])"),
    .init("scientific with signs", Tensor([-1e-10, 5]), "tensor([-1.0000e-10,  5.0000e+00])"),
    .init("just not scientific", Tensor([1e8, 1e8] as [Float]), "tensor([100000000., 100000000.])"),
    .init("small but not scientific", Tensor([2e-4, 5e-4]), "tensor([0.0002, 0.0005])"),
    .init("wide", Tensor([99999.5, 100.25]), "tensor([99999.5000,   100.2500])"),
    .init("what is no number", Tensor([.nan, 1.5, .infinity, -.infinity]), "tensor([   nan, 1.5000,    inf,   -inf])"),
    .init("what is no number among whole ones", Tensor([.nan, 1, 2]), "tensor([nan, 1., 2.])"),
    .init("nothing finite", Tensor([.nan]), "tensor([nan])"),
    .init("negative zero", Tensor([-0.0, 0]), "tensor([-0., 0.])"),
    .init("scalar", Tensor(3.5), "tensor(3.5000)"),
    .init("scientific scalar", Tensor(1e-7), "tensor(1.0000e-07)"),
    .init("negative scalar", Tensor(-0.12345), "tensor(-0.1235)"),
    .init("whole scalar", Tensor(53 as Float), "tensor(53.)"),
    .init("integer scalar", Tensor(7), "tensor(7)"),
    .init("bool scalar", Tensor([true], shape: []), "tensor(True)"),
    .init(
      "matrix", Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]),
      """
      tensor([[1., 2.],
              [3., 4.]])
      """),
    .init(
      "three axes", Tensor((0..<12).map(Float.init), shape: [2, 3, 2]),
      """
      tensor([[[ 0.,  1.],
               [ 2.,  3.],
               [ 4.,  5.]],

              [[ 6.,  7.],
               [ 8.,  9.],
               [10., 11.]]])
      """),
    .init(
      "four axes", Tensor(Array(0..<8), shape: [2, 1, 2, 2]),
      """
      tensor([[[[0, 1],
                [2, 3]]],


              [[[4, 5],
                [6, 7]]]])
      """),
    .init(
      "bool", Tensor([true, false, false, false], shape: [2, 2]),
      """
      tensor([[ True, False],
              [False, False]])
      """),
    .init(
      "integers", Tensor([1, -20, 300, 4], shape: [2, 2]),
      """
      tensor([[  1, -20],
              [300,   4]])
      """),
    .init("the largest integer", Tensor([Int.max, -1]), "tensor([9223372036854775807,                  -1])"),
    .init("int32", Tensor(elements: [1, 2] as [Int32]), "tensor([1, 2], dtype=int32)"),
    .init("uint8", Tensor(elements: [1, 255] as [UInt8]), "tensor([  1, 255], dtype=uint8)"),
    .init("uint64", Tensor(elements: [UInt64.max]), "tensor([18446744073709551615], dtype=uint64)"),
    .init("float64", Tensor(elements: [1.5, 2]), "tensor([1.5000, 2.0000], dtype=float64)"),
    .init("float16", Tensor(elements: [1.5] as [Float16]), "tensor([1.5000], dtype=float16)"),
    .init("bfloat16", Tensor([1.5]).cast(to: .bfloat16), "tensor([1.5000], dtype=bfloat16)"),
    .init("empty", Tensor([] as [Float]), "tensor([])"),
    .init("empty matrix", Tensor.zeros([0, 3]), "tensor([], size=(0, 3))"),
    .init("empty integers", Tensor([] as [Int]), "tensor([], dtype=int64)"),
    .init("empty float64 matrix", Tensor.zeros([0, 2], dtype: .float64), "tensor([], size=(0, 2), dtype=float64)"),
    .init(
      "a row over two lines", Tensor(Array(0..<30)),
      """
      tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
              18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
      """),
    .init(
      "a row over four lines", Tensor((0..<30).map { Float($0) * 0.37 }),
      """
      tensor([ 0.0000,  0.3700,  0.7400,  1.1100,  1.4800,  1.8500,  2.2200,  2.5900,
               2.9600,  3.3300,  3.7000,  4.0700,  4.4400,  4.8100,  5.1800,  5.5500,
               5.9200,  6.2900,  6.6600,  7.0300,  7.4000,  7.7700,  8.1400,  8.5100,
               8.8800,  9.2500,  9.6200,  9.9900, 10.3600, 10.7300])
      """),
    .init(
      "two rows over several lines", Tensor((0..<60).map { $0 * 1000 }, shape: [2, 30]),
      """
      tensor([[    0,  1000,  2000,  3000,  4000,  5000,  6000,  7000,  8000,  9000,
               10000, 11000, 12000, 13000, 14000, 15000, 16000, 17000, 18000, 19000,
               20000, 21000, 22000, 23000, 24000, 25000, 26000, 27000, 28000, 29000],
              [30000, 31000, 32000, 33000, 34000, 35000, 36000, 37000, 38000, 39000,
               40000, 41000, 42000, 43000, 44000, 45000, 46000, 47000, 48000, 49000,
               50000, 51000, 52000, 53000, 54000, 55000, 56000, 57000, 58000, 59000]])
      """),
    .init("summarised", Tensor(Array(0..<1001)), "tensor([   0,    1,    2,  ...,  998,  999, 1000])"),
    .init(
      "summarised floats", Tensor((0..<1001).map { Float($0) / 7 }),
      "tensor([  0.0000,   0.1429,   0.2857,  ..., 142.5714, 142.7143, 142.8571])"),
    .init(
      "summarised matrix", Tensor(Array(0..<2500), shape: [50, 50]),
      """
      tensor([[   0,    1,    2,  ...,   47,   48,   49],
              [  50,   51,   52,  ...,   97,   98,   99],
              [ 100,  101,  102,  ...,  147,  148,  149],
              ...,
              [2350, 2351, 2352,  ..., 2397, 2398, 2399],
              [2400, 2401, 2402,  ..., 2447, 2448, 2449],
              [2450, 2451, 2452,  ..., 2497, 2498, 2499]])
      """),
    .init(
      "summarised along one axis", Tensor((0..<2004).map(Float.init), shape: [501, 4]),
      """
      tensor([[0.0000e+00, 1.0000e+00, 2.0000e+00, 3.0000e+00],
              [4.0000e+00, 5.0000e+00, 6.0000e+00, 7.0000e+00],
              [8.0000e+00, 9.0000e+00, 1.0000e+01, 1.1000e+01],
              ...,
              [1.9920e+03, 1.9930e+03, 1.9940e+03, 1.9950e+03],
              [1.9960e+03, 1.9970e+03, 1.9980e+03, 1.9990e+03],
              [2.0000e+03, 2.0010e+03, 2.0020e+03, 2.0030e+03]])
      """),
    .init(
      "summarised, two axes outside", Tensor(Array(0..<1260), shape: [7, 2, 90]),
      """
      tensor([[[   0,    1,    2,  ...,   87,   88,   89],
               [  90,   91,   92,  ...,  177,  178,  179]],

              [[ 180,  181,  182,  ...,  267,  268,  269],
               [ 270,  271,  272,  ...,  357,  358,  359]],

              [[ 360,  361,  362,  ...,  447,  448,  449],
               [ 450,  451,  452,  ...,  537,  538,  539]],

              ...,

              [[ 720,  721,  722,  ...,  807,  808,  809],
               [ 810,  811,  812,  ...,  897,  898,  899]],

              [[ 900,  901,  902,  ...,  987,  988,  989],
               [ 990,  991,  992,  ..., 1077, 1078, 1079]],

              [[1080, 1081, 1082,  ..., 1167, 1168, 1169],
               [1170, 1171, 1172,  ..., 1257, 1258, 1259]]])
      """),
    .init("a leaf", Tensor([2, 3], requiresGrad: true), "tensor([2., 3.], requires_grad=True)"),
    .init(
      "a float64 leaf", Tensor(elements: [1.5, 2], requiresGrad: true),
      "tensor([1.5000, 2.0000], dtype=float64, requires_grad=True)"),
    .init(
      "a result", Tensor([1, 1, 1, 1], shape: [2, 2], requiresGrad: true) * 2,
      """
      tensor([[2., 2.],
              [2., 2.]], grad_fn=<MulBackward0>)
      """),
    .init(
      "the suffix on a line of its own", Tensor((0..<8).map(Float.init), requiresGrad: true) * 1.2345678,
      """
      tensor([0.0000, 1.2346, 2.4691, 3.7037, 4.9383, 6.1728, 7.4074, 8.6420],
             grad_fn=<MulBackward0>)
      """),
    .init(
      "two suffixes on a line of their own",
      (Tensor((0..<8).map(Float.init), requiresGrad: true) * 1.2345678).cast(to: .float64),
      """
      tensor([0.0000, 1.2346, 2.4691, 3.7037, 4.9383, 6.1728, 7.4074, 8.6420],
             dtype=float64, grad_fn=<ToCopyBackward0>)
      """),
  ]
}
