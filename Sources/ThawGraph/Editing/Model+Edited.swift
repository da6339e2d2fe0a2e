import ThawONNX
import ThawTensor

extension Model {
  /// The model of a changed message, with roles by name.
  ///
  /// They are written where the file had roles, and where inference would say otherwise of what was changed.
  ///
  /// - Parameters:
  ///   - roles: of the changed model's parameters; one without keeps what inference says.
  ///   - writesRoles: whether they are written in any case; where the file had roles, when left out.
  func edited(_ proto: ModelProto, roles: [String: Role], writesRoles: Bool? = nil) throws -> Model {
    var bare = proto
    bare.setRoles(nil)
    var model = try Model(bare, operators: operators)
    for parameter in model.parameters { roles[parameter.name].map { parameter.role = $0 } }
    if try writesRoles ?? (self.proto.roles() != nil) || model.parameters.contains(where: \.hasNewRole) {
      model.writeRoles(to: &bare)
      model = try Model(bare, operators: operators)
    }
    model.limits = limits
    return model
  }

  /// The roles as they are now, by name.
  var rolesByName: [String: Role] {
    Dictionary(parameters.map { ($0.name, $0.role) }) { first, _ in first }
  }
}
