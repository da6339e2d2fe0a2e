extension ModelProto {
  /// Checks that the parts of the model fit together.
  ///
  /// Names are there and given once, every input is given before it is used, types are complete, tensors agree with
  /// their dimensions, in subgraphs and functions, too. What an operator asks of its inputs is not looked at, and no
  /// payload is read. Takes time in proportion to the number of names.
  ///
  /// - Throws: ``StructureError``, the first of ``structureErrors()`` that is not tolerated.
  public func validate() throws(StructureError) {
    if let error = structureErrors().first(where: { !$0.isTolerated }) { throw error }
  }

  /// Everything that is wrong with the model's structure, in the order of the file, up to `limit` errors.
  public func structureErrors(limit: Int = 100) -> [StructureError] {
    var validator = Validator(self, limit: limit)
    validator.run()
    return validator.errors
  }
}
