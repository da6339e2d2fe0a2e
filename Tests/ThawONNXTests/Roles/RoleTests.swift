import Testing
import ThawONNX
import ThawTypes

@Suite struct RoleTests {
  static let entries: [String: RoleTable.Entry] = [
    "w": RoleTable.Entry(.trainable, .init(.float32, [2, 3])),
    "b": RoleTable.Entry(.frozen, .init(.float32, [3])),
  ]

  static let signatures = entries.mapValues(\.signature)

  @Test func theMetadataIsWhatTheFormatSays() {
    var model = Models.dense()
    model.metadataProps = [StringStringEntryProto(key: "author", value: "me")]
    model.setRoles(RoleTable(entries: Self.entries))
    let expected = [
      ("author", "me"), ("thaw.trainable", #"["w"]"#), ("thaw.frozen", #"["b"]"#), ("thaw.buffer", "[]"),
      ("thaw.constant", "[]"), ("thaw.format", "1"),
      // SHA-256 of "b\t1\t3\nw\t1\t2,3\n", from another implementation.
      ("thaw.digest", "85b22cb5f54769fe4304388b0ad197c0f2bd51f9764877ed26d12b048b2e2b6c"),
    ]
    #expect(model.metadataProps.map { "\($0.key ?? "")=\($0.value ?? "")" } == expected.map { "\($0)=\($1)" })
  }

  @Test func rolesComeBackFromTheFile() throws {
    let table = RoleTable(entries: Self.entries)
    var model = Models.dense()
    #expect(try model.roles() == nil)
    model.setRoles(table)
    #expect(try ModelProto(decoding: model.encoded()).roles() == table)
    let once = model
    model.setRoles(table)
    #expect(model == once)
    model.setRoles(nil)
    #expect(model == Models.dense())
  }

  @Test func namesWithEveryCharacterComeBackSortedByBytes() throws {
    let names = [
      "z", "a/b:0", "\"quoted\"", "back\\slash", "\u{e9}", "\u{1F600}", "\u{ffff}", "tab\tline\nend\u{1}", "Z",
    ]
    let entries = Dictionary(uniqueKeysWithValues: names.map { ($0, RoleTable.Entry(.buffer, .init(.float16, []))) })
    var model = Models.dense()
    model.setRoles(RoleTable(entries: entries))
    #expect(try model.roles() == RoleTable(entries: entries))
    // By code units of UTF-16, or by a locale, the last two would change places.
    #expect(try model.roles()?.names(of: .buffer).suffix(3) == ["\u{e9}", "\u{ffff}", "\u{1F600}"])
    let text = try #require(model.metadataProps.first { $0.key == "thaw.buffer" }?.value)
    #expect(text.contains(#"a/b:0"#) && text.contains(#"\u0009"#))
  }

  @Test func theComparisonTellsWhatChanged() {
    let table = RoleTable(entries: Self.entries)
    #expect(table.comparison(with: Self.signatures) == .intact)
    var present = Self.signatures
    present["c"] = .init(.float32, [1])
    #expect(table.comparison(with: present) == .changed(renamedOrRemoved: [], new: ["c"], reshaped: false))
    present["w"] = nil
    #expect(table.comparison(with: present) == .changed(renamedOrRemoved: ["w"], new: ["c"], reshaped: false))
    present = Self.signatures
    present["w"] = .init(.float32, [3, 2])
    #expect(table.comparison(with: present) == .changed(renamedOrRemoved: [], new: [], reshaped: true))
    present["w"] = .init(.float16, [2, 3])
    #expect(table.comparison(with: present) == .changed(renamedOrRemoved: [], new: [], reshaped: true))
  }

  static let faults: [(RoleError.Kind, String, String?)] = [
    (.missing, "thaw.format", nil),
    (.missing, "thaw.digest", nil),
    (.unknownFormat, "thaw.format", "2"),
    (.malformed, "thaw.trainable", "[\"w\""),
    (.malformed, "thaw.trainable", "{\"w\": 1}"),
    (.malformed, "thaw.frozen", "[1]"),
    (.malformed, "thaw.frozen", ""),
    (.malformed, "thaw.frozen", String(repeating: "[", count: 100_000)),
    (.severalRoles, "thaw.frozen", "[\"b\", \"w\"]"),
    (.severalRoles, "thaw.frozen", "[\"b\", \"b\"]"),
  ]

  @Test(arguments: faults)
  func rolesThatCannotBeReadSayWhy(kind: RoleError.Kind, key: String, value: String?) {
    var model = Models.dense()
    model.setRoles(RoleTable(entries: Self.entries))
    model.metadataProps.removeAll { $0.key == key }
    if let value { model.metadataProps.append(StringStringEntryProto(key: key, value: value)) }
    let error = #expect(throws: RoleError.self) { try model.roles() }
    #expect(error?.kind == kind)
    #expect(error?.description.contains(key) == true)
  }

  @Test(arguments: [Int64(8), 10])
  func theMirrorIsInValueInfoFromVersionTen(irVersion: Int64) {
    var model = Models.dense(irVersion: irVersion)
    model.graph?.valueInfo = [Models.value("w", [2, 3]), Models.value("h", [nil, 3])]
    let before = model
    model.setRoles(RoleTable(entries: Self.entries))
    let mirrored = model.graph?.valueInfo.map { $0.metadataProps.map { "\($0.key ?? "")=\($0.value ?? "")" } }
    #expect(mirrored == (irVersion >= 10 ? [["thaw.role=trainable"], []] : [[], []]))
    #expect(model.irVersion == irVersion)
    model.setRoles(nil)
    #expect(model == before)
  }
}
