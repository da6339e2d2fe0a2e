import Testing
import ThawONNX
import ThawTypes

@Suite struct TensorContentsTests {
  struct Case: CustomStringConvertible {
    var dtype: DType
    var dims: [Int64]
    var bytes: [UInt8]
    /// Puts the elements in the field that belongs to the type.
    var fill: @Sendable (inout TensorProto) -> Void

    var description: String { "\(dtype) \(dims)" }
  }

  /// The same elements in their typed field and as bytes.
  static let carriers: [Case] = [
    Case(dtype: .float32, dims: [2], bytes: [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]) { $0.floatData = [1, -2] },
    Case(dtype: .float64, dims: [], bytes: [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]) { $0.doubleData = [1] },
    Case(dtype: .complex64, dims: [1], bytes: [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]) { $0.floatData = [1, 2] },
    Case(dtype: .complex128, dims: [1], bytes: [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40]) {
      $0.doubleData = [1, 2]
    },
    Case(dtype: .int64, dims: [1], bytes: [0xfe, 255, 255, 255, 255, 255, 255, 255]) { $0.int64Data = [-2] },
    Case(dtype: .uint64, dims: [1], bytes: [0xfe, 255, 255, 255, 255, 255, 255, 255]) { $0.uint64Data = [.max - 1] },
    Case(dtype: .uint32, dims: [1], bytes: [0xfe, 255, 255, 255]) { $0.uint64Data = [0xffff_fffe] },
    Case(dtype: .int32, dims: [1, 1], bytes: [0xfe, 255, 255, 255]) { $0.int32Data = [-2] },
    Case(dtype: .int16, dims: [2], bytes: [0xfe, 255, 1, 0]) { $0.int32Data = [-2, 1] },
    Case(dtype: .uint16, dims: [2], bytes: [0xfe, 255, 1, 0]) { $0.int32Data = [0xfffe, 1] },
    Case(dtype: .int8, dims: [3], bytes: [0xfe, 1, 0x80]) { $0.int32Data = [-2, 1, -128] },
    Case(dtype: .uint8, dims: [2], bytes: [0xfe, 1]) { $0.int32Data = [254, 1] },
    Case(dtype: .bool, dims: [2], bytes: [1, 0]) { $0.int32Data = [1, 0] },
    Case(dtype: .float16, dims: [2], bytes: [0, 0x3c, 0, 0xc0]) { $0.int32Data = [0x3c00, 0xc000] },
    Case(dtype: .bfloat16, dims: [2], bytes: [0x80, 0x3f, 0, 0xc0]) { $0.int32Data = [0x3f80, 0xc000] },
    Case(dtype: .float8e4m3fn, dims: [2], bytes: [0x38, 0xb8]) { $0.int32Data = [0x38, 0xb8] },
    Case(dtype: .float8e8m0, dims: [1], bytes: [0x7f]) { $0.int32Data = [0x7f] },
    // Types narrower than a byte: an entry holds a packed byte.
    Case(dtype: .uint4, dims: [3], bytes: [0x21, 0x0f]) { $0.int32Data = [0x21, 0x0f] },
    Case(dtype: .int4, dims: [3], bytes: [0xf1, 0x08]) { $0.int32Data = [0xf1, 0x08] },
    Case(dtype: .float4e2m1, dims: [2], bytes: [0x92]) { $0.int32Data = [0x92] },
    Case(dtype: .uint2, dims: [5], bytes: [0b1110_0100, 1]) { $0.int32Data = [0b1110_0100, 1] },
    Case(dtype: .int2, dims: [4], bytes: [0b1110_0100]) { $0.int32Data = [0b1110_0100] },
    Case(dtype: .float32, dims: [0, 3], bytes: []) { _ in },
  ]

  @Test(arguments: carriers)
  func everyCarrierGivesTheSameElements(sample: Case) throws {
    var typed = TensorProto()
    typed.name = "t"
    typed.dims = sample.dims
    typed.dtype = sample.dtype
    var raw = typed
    sample.fill(&typed)
    raw.rawData = ByteRegion(sample.bytes)
    let data = try typed.contents()
    #expect(data.dtype == sample.dtype)
    #expect(data.dims == sample.dims.map(Int.init))
    #expect(data.bytes.map([UInt8].init) == sample.bytes)
    #expect(try raw.contents() == data)
  }

  @Test(arguments: carriers)
  func replacingKeepsTheCarrierAndTheRest(sample: Case) throws {
    var tensor = TensorProto()
    tensor.name = "t"
    tensor.docString = "kept"
    tensor.metadataProps = [StringStringEntryProto(key: "k", value: "v")]
    tensor.unknownFields = [UnknownField(number: 99, wireType: 0, bytes: [1])]
    tensor.dims = sample.dims
    tensor.dtype = sample.dtype
    sample.fill(&tensor)
    let before = tensor
    tensor.replaceContents(with: try tensor.contents())
    if sample.bytes.isEmpty {
      #expect(tensor.rawData?.isEmpty == true)
    } else {
      #expect(tensor == before)
    }
    var raw = TensorProto(name: "t", try before.contents())
    #expect(raw.rawData.map([UInt8].init) == sample.bytes)
    let rawBefore = raw
    raw.replaceContents(with: try before.contents())
    #expect(raw == rawBefore)
  }

  @Test func stringsAreBytes() throws {
    let strings: [[UInt8]] = [Array("a".utf8), [], [0xff, 0x00]]
    var tensor = TensorProto(name: "s", try TensorData([3], strings: strings))
    #expect(tensor.stringData == strings)
    #expect(try TensorProto(decoding: ByteRegion(tensor.encoded())).contents().strings == strings)
    tensor.replaceContents(with: try TensorData([1], strings: [[7]]))
    #expect(tensor.stringData == [[7]])
    #expect(tensor.dims == [1])
  }

  /// Narrow types: packed bytes, and one byte an element.
  static let packings: [(DType, Int, [UInt8], [UInt8])] = [
    (.uint4, 3, [0x21, 0x0f], [1, 2, 15]),
    (.int4, 3, [0xf1, 0x08], [1, 0xff, 0xf8]),
    (.float4e2m1, 2, [0x92], [2, 9]),
    (.uint2, 5, [0b1110_0100, 1], [0, 1, 2, 3, 1]),
    (.int2, 4, [0b1110_0100], [0, 1, 0xfe, 0xff]),
    (.uint8, 2, [1, 2], [1, 2]),
  ]

  @Test(arguments: packings)
  func narrowTypesUnpackAndPack(dtype: DType, count: Int, packed: [UInt8], unpacked: [UInt8]) throws {
    let data = try TensorData(dtype, [count], bytes: ByteRegion(packed))
    #expect(data.unpacked().map([UInt8].init) == unpacked)
    #expect(try TensorData(dtype, [count], unpacked: ByteRegion(unpacked)) == data)
  }

  struct Fault: CustomStringConvertible {
    var kind: TensorDataError.Kind
    var spoil: @Sendable (inout TensorProto) -> Void

    var description: String { "\(kind)" }
  }

  static let faults: [Fault] = [
    Fault(kind: .undefinedType) { $0.dataType = nil },
    Fault(kind: .undefinedType) { $0.dataType = 0 },
    Fault(kind: .unknownType) { $0.dataType = 99 },
    Fault(kind: .negativeDimension) { $0.dims = [-1, 3] },
    Fault(kind: .sizeOverflow) { $0.dims = [1 << 40, 1 << 40] },
    Fault(kind: .sizeOverflow) { $0.dims = [1 << 62] },
    Fault(kind: .wrongByteCount) { $0.rawData = ByteRegion([1, 2, 3]) },
    Fault(kind: .wrongByteCount) { $0.rawData = ByteRegion([UInt8](repeating: 0, count: 9)) },
    Fault(kind: .wrongByteCount) { $0.dims = [1 << 50] },
    Fault(kind: .severalCarriers) { $0.floatData = [1, 2] },
    Fault(kind: .wrongCarrier) {
      $0.rawData = nil
      $0.int64Data = [1, 2]
    },
    Fault(kind: .wrongCarrier) { $0.dtype = .string },
    Fault(kind: .wrongElementCount) {
      $0.rawData = nil
      $0.floatData = [1, 2, 3]
    },
    Fault(kind: .missingElements) { $0.rawData = nil },
    Fault(kind: .missingElements) { $0.dataLocation = .external },
    Fault(kind: .segmented) { $0.segment = TensorProto.Segment() },
    Fault(kind: .externalData) {
      $0.rawData = nil
      $0.dataLocation = .external
      $0.externalData = [StringStringEntryProto(key: "location", value: "weights.bin")]
    },
  ]

  @Test(arguments: faults)
  func aTensorThatContradictsItselfIsNamed(fault: Fault) {
    var tensor = Models.tensor("weight", [2], [1, 2])
    fault.spoil(&tensor)
    let error = #expect(throws: TensorDataError.self) { try tensor.contents() }
    #expect(error?.kind == fault.kind)
    #expect(error?.tensor == "weight")
    #expect(error?.description.contains("weight") == true)
  }

  @Test func externalFieldsComeBack() throws {
    var tensor = TensorProto()
    tensor.name = "w"
    tensor.dims = [4]
    tensor.dtype = .float32
    tensor.dataLocation = .external
    tensor.externalData = [
      StringStringEntryProto(key: "location", value: "w.bin"), StringStringEntryProto(key: "offset", value: "4096"),
    ]
    #expect(try TensorProto(decoding: ByteRegion(tensor.encoded())) == tensor)
    #expect(throws: Never.self) { try tensor.checkLayout() }
    tensor.replaceContents(with: try TensorData([4], [Float(1), 2, 3, 4]))
    #expect(tensor.dataLocation == nil)
    #expect(try tensor.contents().values(as: Float.self) == [1, 2, 3, 4])
  }

  @Test func dataMustFitItsDimensions() {
    #expect(throws: TensorDataError.self) { try TensorData([3], [Float(1), 2]) }
    #expect(throws: TensorDataError.self) { try TensorData(.int4, [3], bytes: ByteRegion([1])) }
    #expect(throws: TensorDataError.self) { try TensorData(.int4, [-3], bytes: ByteRegion([1, 1])) }
    #expect(throws: TensorDataError.self) { try TensorData(.int4, [3], unpacked: ByteRegion([1, 1])) }
    #expect(throws: TensorDataError.self) { try TensorData(.string, [0], bytes: ByteRegion([])) }
    #expect(throws: TensorDataError.self) { try TensorData([2], strings: [[1]]) }
    #expect(throws: TensorDataError.self) { try TensorData([1], [Float(1)]).values(as: Int32.self) }
  }
}
