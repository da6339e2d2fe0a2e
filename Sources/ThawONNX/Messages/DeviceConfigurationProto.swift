internal import COnnx

/// A set of devices that nodes can be placed on.
public struct DeviceConfigurationProto: Equatable, Sendable {
  /// The name nodes refer to.
  public var name: String?
  /// How many devices there are.
  public var numDevices: Int32?
  /// The devices' names, if they have any.
  public var device: [String] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension DeviceConfigurationProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__DeviceConfigurationProto>?) -> Void {
    onnx__device_configuration_proto__init
  }

  init(unpacking c: Onnx__DeviceConfigurationProto, with unpacking: Unpacking) throws(FileError) {
    name = unpacking.text(c.name)
    numDevices = unpacking.present(c.has_num_devices, c.num_devices)
    device = unpacking.texts(c.device, c.n_device)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__DeviceConfigurationProto, with packing: Packing) throws(FileError) {
    c.name = try packing.text(name)
    (c.has_num_devices, c.num_devices) = packing.optional(numDevices, else: 0)
    (c.device, c.n_device) = try packing.texts(device)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
