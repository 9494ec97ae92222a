namespace Footfall.Tests.Deploy;

/// <summary>
/// Addresses of this machine that only one test uses. On each of them every port is free, and stays free while a program restarts.
/// </summary>
internal static class Loopback
{
    private static int _last;

    /// <summary>All of 127.0.0.0/8 is this machine; the middle is that of the process, for runs side by side.</summary>
    public static string Next() =>
        $"127.{64 + (Environment.ProcessId >> 8 & 127)}.{Environment.ProcessId & 255}.{Interlocked.Increment(ref _last)}";
}
