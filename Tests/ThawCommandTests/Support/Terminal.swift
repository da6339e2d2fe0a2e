import Foundation

/// The built command, run on a pseudo-terminal of its own: what it writes is seen as a person would, and keys can be
/// pressed.
final class Terminal {
  private let master: Int32
  private let pid: pid_t
  /// All bytes so far, as text.
  private(set) var output = ""
  private var bytes: [UInt8] = []

  enum Failure: Error { case system(String, Int32), timeout(String) }

  /// - Parameters:
  ///   - environment: beside TERM=xterm; a value that is nil is taken out.
  ///   - pipe: a file for standard output; the terminal when left out.
  init(
    _ arguments: [String], in folder: String, environment: [String: String?] = [:], outputTo file: String? = nil,
    columns: UInt16 = 80
  ) throws {
    // The importer does not see posix_openpt and its like; these are Linux's own ways.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number) = (Int32(0), Int32(0))
    guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
      throw Failure.system("/dev/ptmx", errno)
    }
    let slave = "/dev/pts/\(number)"
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a session opens is the one whose keys send it signals.
    posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0)
    if let file {
      posix_spawn_file_actions_addopen(&actions, 1, "\(folder)/\(file)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    } else {
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
    }
    posix_spawn_file_actions_adddup2(&actions, 0, 2)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGQUIT, SIGPIPE, SIGTERM] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    // POSIX_SPAWN_SETSID, which the importer does not see, is 0x80.
    posix_spawnattr_setflags(&attributes, Int16(0x80 | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var variables = ProcessInfo.processInfo.environment
    variables["TERM"] = "xterm"
    variables["NO_COLOR"] = nil
    for (name, value) in environment { variables[name] = value }
    let words = ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder, Thaw.path] + arguments
    var argv = words.map { strdup($0) } + [nil]
    var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var pid = pid_t()
    let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, &argv, &envp)
    self.pid = pid
    guard code == 0 else { throw Failure.system("posix_spawn", code) }
  }

  deinit { close(master) }

  /// Presses keys; "\u{3}" is Ctrl-C.
  func press(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
  }

  /// Reads until the output has what is waited for.
  func wait(for text: String, seconds: Double = 600) throws {
    let end = Date(timeIntervalSinceNow: seconds)
    while !output.contains(text) {
      guard Date() < end else { throw Failure.timeout("no '\(text)' in: \(output)") }
      guard read() else { throw Failure.timeout("the command ended without '\(text)': \(output)") }
    }
  }

  /// Reads to the end.
  ///
  /// - Returns: the exit code; a signal's number, negative, where one ended it.
  func end() -> Int32 {
    while read() {}
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
  }

  /// - Returns: false at the end.
  private func read() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Foundation.read(master, &buffer, buffer.count)
    if count < 0, errno == EINTR { return true }
    // The end of a pseudo-terminal is an error to who reads.
    guard count > 0 else { return false }
    bytes += buffer[..<count]
    output = String(decoding: bytes, as: UTF8.self)
    return true
  }

  /// What stands on the screen: the lines as they are after all that moved back or was erased; colours left out.
  var screen: [String] {
    var lines: [[Character]] = [[]]
    var column = 0
    var rest = Substring(output.replacingOccurrences(of: "\r\n", with: "\n"))
    while let character = rest.popFirst() {
      switch character {
      case "\n":
        lines.append([])
        column = 0
      case "\r": column = 0
      case "\u{1B}":
        let sequence = rest.prefix { !$0.isLetter }
        rest.removeFirst(sequence.count)
        if rest.popFirst() == "K" { lines[lines.count - 1].removeSubrange(column...) }
      default:
        var line = lines[lines.count - 1]
        if column < line.count { line[column] = character } else { line.append(character) }
        lines[lines.count - 1] = line
        column += 1
      }
    }
    return lines.map { String($0) }
  }
}
