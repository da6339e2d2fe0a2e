import ThawONNX
import ThawTensor

extension Model {
  /// The model of a changed message, with roles by name.
  ///
  /// They are written where the file had roles, and where inference would say otherwise of what was changed.
  ///
  /// - Parameter roles: of the changed model's parameters; one without keeps what inference says.
  func edited(_ proto: ModelProto, roles: [String: Role]) throws -> Model {
    var bare = proto
    bare.setRoles(nil)
    let model = try Model(bare, operators: operators)
    for parameter in model.parameters { roles[parameter.name].map { parameter.role = $0 } }
    guard try self.proto.roles() != nil || model.parameters.contains(where: \.hasNewRole) else { return model }
    model.writeRoles(to: &bare)
    let result = try Model(bare, operators: operators)
    result.limits = limits
    return result
  }

  /// The roles as they are now, by name.
  var rolesByName: [String: Role] {
    Dictionary(parameters.map { ($0.name, $0.role) }) { first, _ in first }
  }
}
