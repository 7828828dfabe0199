<?php
// Asks recovery-codes whether a code lets a user in, for a web back end in PHP (8.1 or later).

declare(strict_types=1);

final class RecoveryAnswer
{
    public function __construct(
        public readonly string $kind, // "yes", "no", "wait", "malformed" or "unavailable"
        public readonly string $user = '', // after a yes: the name, also where an address was given
        public readonly int $remaining = 0, // after a yes: how many codes are left
        public readonly bool $low = false, // after a yes: whether it is time for new ones
        public readonly ?int $seconds = null, // how long to wait; null: until an administrator helps
        public readonly string $message = '', // malformed: for whoever typed it; unavailable: for the log
    ) {
    }
}

final class RecoveryLogin
{
    private const LONGEST_CODE = 1024;
    private const LONGEST_ANSWER = 65536;
    private const TOO_LONG = 'it took too long, and the code may be used up';

    /** With a program it starts that each time, else it asks at the socket. */
    public function __construct(
        private string $socket = '/run/recovery-codes/door',
        private ?string $program = null,
        private float $timeout = 10,
    ) {
    }

    /** Uses the code up. Only the kind "yes" lets in; it throws nothing. */
    public function verify(
        string $user,
        #[\SensitiveParameter]
        string $code,
        string $from = '',
    ): RecoveryAnswer {
        if (strlen($code) > self::LONGEST_CODE) {
            return new RecoveryAnswer('malformed', message: 'this is far too long for a code');
        }
        try {
            if ($this->program !== null) {
                return self::readAnswer(...$this->start($user, $code, $from));
            }
            $answer = $this->ask($user, $code, $from);
            return self::readAnswer($answer['exit'] ?? null, $answer, $answer);
        } catch (\Throwable $failure) {
            return new RecoveryAnswer('unavailable', message: $failure->getMessage());
        }
    }

    private function ask(string $user, #[\SensitiveParameter] string $code, string $from): array
    {
        $request = ['word' => 'verify', 'user' => $user, 'code' => $code];
        $request += $from === '' ? [] : ['from' => $from];
        $flags = JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE;
        $end = self::now() + $this->timeout;
        $door = @stream_socket_client("unix://{$this->socket}", $number, $why, $this->timeout)
            ?: throw new \RuntimeException("it cannot be reached: $why");
        @fwrite($door, json_encode($request, $flags) . "\n");
        [$line] = self::readAll([$door], $end, fn ($said) => str_ends_with($said[0], "\n"));
        return str_ends_with($line, "\n") ? self::parse($line) : [];
    }

    private function start(string $user, #[\SensitiveParameter] string $code, string $from): array
    {
        $source = $from === '' ? [] : ["--from=$from"];
        $words = [$this->program, '--json', 'verify', ...$source, '--', $user];
        $pipes = [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']];
        $end = self::now() + $this->timeout;
        $child = @proc_open($words, $pipes, $pipes, '/', ['PATH' => '/usr/local/bin:/usr/bin:/bin'])
            ?: throw new \RuntimeException('it cannot be started');
        try {
            @fwrite($pipes[0], $code);
            fclose($pipes[0]);
            [$out, $err] = self::readAll([$pipes[1], $pipes[2]], $end, fn () => false);
            while (($status = proc_get_status($child))['running']) {
                self::now() < $end ?: throw new \RuntimeException(self::TOO_LONG);
                usleep(1000);
            }
        } catch (\RuntimeException $failure) {
            proc_terminate($child, 9);
            throw $failure;
        }
        $exit = $status['signaled'] ? null : $status['exitcode'];
        return [$exit, self::parse($out), self::parse($err)];
    }

    /** What these say until they end, or until it is enough. */
    private static function readAll(array $streams, float $end, callable $isEnough): array
    {
        $said = array_fill(0, count($streams), '');
        array_map(fn ($stream) => stream_set_blocking($stream, false), $streams);
        while ($streams && !$isEnough($said)) {
            $left = (int) (($end - self::now()) * 1e6);
            $left > 0 ?: throw new \RuntimeException(self::TOO_LONG);
            [$ready, $none] = [$streams, null];
            if (!@stream_select($ready, $none, $none, intdiv($left, 1000000), $left % 1000000)) {
                continue;
            }
            foreach ($ready as $number => $stream) {
                $said[$number] .= $part = (string) fread($stream, 4096);
                if ($part === '' && feof($stream)) {
                    unset($streams[$number]);
                }
                if (strlen($said[$number]) > self::LONGEST_ANSWER) {
                    throw new \RuntimeException('it does not stop talking');
                }
            }
        }
        return $said;
    }

    private static function now(): float
    {
        return hrtime(true) / 1e9;
    }

    /** An empty array where something else was said. */
    private static function parse(string $text): array
    {
        $value = json_decode($text, true);
        return is_array($value) ? $value : [];
    }

    /** Status and document must say the same; whatever is not clear is "unavailable". */
    private static function readAnswer(mixed $exit, array $said, array $trouble): RecoveryAnswer
    {
        $accepted = $said['accepted'] ?? null;
        $message = $trouble['error']['message'] ?? 'no answer, exit status ' . json_encode($exit);
        $malformed = ($trouble['error']['kind'] ?? '') === 'malformed_code';
        return match (true) {
            $accepted === true && $exit === 0 => new RecoveryAnswer(
                'yes',
                $said['user'] ?? '',
                $said['remaining'] ?? 0,
                $said['low'] ?? false,
            ),
            $accepted === false && $malformed => new RecoveryAnswer('malformed', message: $message),
            $accepted === false && $exit === 1 => new RecoveryAnswer('no'),
            $accepted === false && $exit === 5 => new RecoveryAnswer(
                'wait',
                seconds: $said['retry_after'] ?? null,
            ),
            default => new RecoveryAnswer('unavailable', message: $message),
        };
    }
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    $given = getopt('', ['socket:', 'program:', 'timeout:', 'from:'], $rest);
    $login = new RecoveryLogin(
        $given['socket'] ?? '/run/recovery-codes/door',
        $given['program'] ?? null,
        (float) ($given['timeout'] ?? 10),
    );
    $answer = $login->verify($argv[$rest], stream_get_contents(STDIN), $given['from'] ?? '');
    echo match ($answer->kind) {
        'yes' => "yes {$answer->remaining}" . ($answer->low ? ' low' : ''),
        'wait' => 'wait ' . ($answer->seconds ?? 'none'),
        default => $answer->kind,
    }, "\n";
    fwrite(STDERR, $answer->message === '' ? '' : "{$answer->message}\n");
    exit($answer->kind === 'yes' ? 0 : 1);
}
