internal import COnnx

/// What the scanner must know of the schema, taken from the descriptors in the generated code, so that there is one
/// list of fields and not two.
struct Schema: Sendable {
  static let onnx = Schema()

  struct Field: Sendable {
    var name: String
    var kind: Kind
    var isRepeated: Bool
  }

  enum Kind: Equatable {
    case varint, fixed32, fixed64, bytes, text
    /// Bytes that are cut out of the message: `TensorProto.raw_data`.
    case payload
    /// A message, by its index in `messages`.
    case message(Int)
  }

  struct Message: Sendable {
    var name: String
    /// By field number.
    var fields: [Field?]
    /// Whether a payload can be in it, at any depth.
    var reachesPayload = false
  }

  private(set) var messages: [Message] = []

  /// The index of a message that a model can hold, or that fills a file.
  func index(of name: String) -> Int {
    guard let index = messages.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("the schema has no message \(name)")
    }
    return index
  }

  /// What a field is, nil for one the schema does not have.
  func kind(of number: UInt32, in message: Int) -> Kind? {
    let fields = messages[message].fields
    return number < fields.count ? fields[Int(number)]?.kind : nil
  }

  private init() {
    var model = Onnx__ModelProto()
    onnx__model_proto__init(&model)
    var optional = Onnx__OptionalProto()
    onnx__optional_proto__init(&optional)
    var indices: [UnsafePointer<ProtobufCMessageDescriptor>: Int] = [:]
    var pending: [UnsafePointer<ProtobufCMessageDescriptor>] = []

    func index(of descriptor: UnsafePointer<ProtobufCMessageDescriptor>) -> Int {
      if let known = indices[descriptor] { return known }
      indices[descriptor] = pending.count
      pending.append(descriptor)
      return pending.count - 1
    }

    _ = index(of: model.base.descriptor)
    // It reaches the other values that have files of their own.
    _ = index(of: optional.base.descriptor)
    while messages.count < pending.count {
      let descriptor = pending[messages.count].pointee
      var message = Message(name: String(cString: descriptor.short_name), fields: [])
      for field in UnsafeBufferPointer(start: descriptor.fields, count: Int(descriptor.n_fields)) {
        let name = String(cString: field.name)
        let kind: Kind =
          switch field.type {
          case PROTOBUF_C_TYPE_FLOAT: .fixed32
          case PROTOBUF_C_TYPE_DOUBLE: .fixed64
          case PROTOBUF_C_TYPE_STRING: .text
          case PROTOBUF_C_TYPE_BYTES: message.name == "TensorProto" && name == "raw_data" ? .payload : .bytes
          case PROTOBUF_C_TYPE_MESSAGE:
            .message(index(of: field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)))
          default: .varint
          }
        while message.fields.count <= Int(field.id) { message.fields.append(nil) }
        message.fields[Int(field.id)] = Field(
          name: name, kind: kind, isRepeated: field.label == PROTOBUF_C_LABEL_REPEATED)
      }
      messages.append(message)
    }
    markPayloads()
  }

  private mutating func markPayloads() {
    var changed = true
    while changed {
      changed = false
      for index in messages.indices where !messages[index].reachesPayload {
        messages[index].reachesPayload = messages[index].fields.contains { field in
          switch field?.kind {
          case .payload: true
          case .message(let inner): messages[inner].reachesPayload
          default: false
          }
        }
        if messages[index].reachesPayload { changed = true }
      }
    }
  }
}
