# Asks recovery-codes whether a code lets a user in, for a web back end in Ruby (3.0 or later).

require "json"
require "open3"
require "socket"

# With a program it starts that each time, else it asks at the socket.
class RecoveryLogin
  LONGEST_CODE = 1024
  LONGEST_ANSWER = 65_536
  ENVIRONMENT = { "PATH" => "/usr/local/bin:/usr/bin:/bin" }.freeze

  # kind       :yes, :no, :wait, :malformed or :unavailable
  # user       after a yes: the user's name, also where an e-mail address was given
  # remaining  after a yes: how many codes are left
  # low        after a yes: whether it is time for new ones
  # seconds    how long to wait; nil: until an administrator helps
  # message    malformed: for whoever typed it; unavailable: for the log
  Answer = Struct.new(:kind, :user, :remaining, :low, :seconds, :message, keyword_init: true)

  class TooLong < StandardError; end

  def initialize(socket: "/run/recovery-codes/door", program: nil, timeout: 10)
    @socket, @program, @timeout = socket, program, timeout
  end

  # Uses the code up. Only the kind :yes lets in; it raises nothing.
  def verify(user, code, from = nil)
    if code.bytesize > LONGEST_CODE
      return Answer.new(kind: :malformed, message: "this is far too long for a code")
    end
    code = code.scrub
    from = nil if from.to_s.empty?
    return read_answer(*start(user, code, from)) if @program

    answer = ask(user, code, from)
    read_answer(answer["exit"], answer, answer)
  rescue TooLong, Errno::ETIMEDOUT
    unavailable("it took too long, and the code may be used up")
  rescue StandardError => error # its text may repeat what was said
    unavailable("it cannot be asked: #{error.class}")
  end

  private

  def ask(user, code, from)
    request = { word: "verify", user: user, code: code, from: from }.compact
    finish = now + @timeout
    Addrinfo.unix(@socket).connect(timeout: @timeout) do |door|
      door.write("#{JSON.generate(request)}\n")
      line = +""
      until line.end_with?("\n")
        raise TooLong unless door.wait_readable([finish - now, 0].max)

        line << door.readpartial(4096)
        raise EOFError if line.bytesize > LONGEST_ANSWER
      end
      return parse(line)
    end
  end

  def start(user, code, from)
    source = from ? ["--from=#{from}"] : []
    words = [@program, "--json", "verify", *source, "--", user]
    finish = now + @timeout
    Open3.popen3(ENVIRONMENT, *words, unsetenv_others: true, chdir: "/") do |input, *outputs, child|
      readers = outputs.map { |output| Thread.new { output.read(LONGEST_ANSWER) } }
      readers.each { |reader| reader.report_on_exception = false }
      hand_over(input, code)
      unless [child, *readers].all? { |part| part.join([finish - now, 0].max) }
        readers.each(&:kill)
        Process.kill(:KILL, child.pid) if child.alive?
        raise TooLong
      end
      return [child.value.exitstatus, *readers.map { |reader| parse(reader.value.to_s) }]
    end
  end

  def hand_over(input, code)
    input.write(code)
    input.close
  rescue Errno::EPIPE
    # It ended before it had read.
  end

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  # An empty hash where something else was said.
  def parse(text)
    value = JSON.parse(text)
    value.is_a?(Hash) ? value : {}
  rescue JSON::ParserError
    {}
  end

  # Status and document must say the same; whatever is not clear is :unavailable.
  def read_answer(exit, document, trouble)
    error = trouble["error"].is_a?(Hash) ? trouble["error"] : {}
    case [document["accepted"], exit]
    in [true, 0]
      Answer.new(kind: :yes, **document.slice("user", "remaining", "low").transform_keys(&:to_sym))
    in [false, 1 | 2] if error["kind"] == "malformed_code"
      Answer.new(kind: :malformed, message: error["message"])
    in [false, 1] then Answer.new(kind: :no)
    in [false, 5] then Answer.new(kind: :wait, seconds: document["retry_after"])
    else unavailable(error["message"] || "no answer, exit status #{exit.inspect}")
    end
  end

  def unavailable(message) = Answer.new(kind: :unavailable, message: message)
end

if $PROGRAM_NAME == __FILE__
  require "optparse"
  given = {}
  options = OptionParser.new("Usage: recovery_login.rb [options] USER")
  options.on("--socket PATH").on("--program PATH").on("--timeout SECONDS", Float).on("--from ADDRESS")
  user, = options.parse!(into: given)
  from = given.delete(:from)
  answer = RecoveryLogin.new(**given).verify(user, $stdin.binmode.read.force_encoding("UTF-8"), from)
  puts({ yes: "yes #{answer.remaining}#{' low' if answer.low}",
         wait: "wait #{answer.seconds || 'none'}" }.fetch(answer.kind, answer.kind))
  warn(answer.message) if answer.message
  exit(answer.kind == :yes)
end
