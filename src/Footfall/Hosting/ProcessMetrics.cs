using System.Diagnostics;
using System.Runtime.InteropServices;
using Prometheus;

namespace Footfall.Hosting;

/// <summary>
/// Memory, processor, garbage collection and age of the process, under the names that Prometheus recommends for every language
/// (<c>process_…</c>) and prometheus-net uses for .NET.
/// </summary>
internal sealed class ProcessMetrics
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Gauge _resident, _virtual, _threads, _uptime, _heap;
    private readonly Counter _processor, _allocated, _pause, _collections;

    public ProcessMetrics(IMetricFactory factory, TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
        _resident = factory.CreateGauge("process_resident_memory_bytes", "Resident memory.");
        _virtual = factory.CreateGauge("process_virtual_memory_bytes", "Virtual memory.");
        _threads = factory.CreateGauge("process_num_threads", "Operating system threads.");
        _processor = factory.CreateCounter("process_cpu_seconds_total", "Processor time, user and system.");
        _uptime = factory.CreateGauge("footfall_uptime_seconds", "Time since the start.");
        _heap = factory.CreateGauge("dotnet_total_memory_bytes", "Bytes of live and not yet collected objects.");
        _allocated = factory.CreateCounter("dotnet_allocated_bytes_total", "Bytes allocated since the start.");
        _pause = factory.CreateCounter("dotnet_gc_pause_seconds_total", "Time that all threads were paused for garbage collection.");
        _collections = factory.CreateCounter("dotnet_collection_count_total", "Garbage collections, by generation.", ["generation"]);
        factory.CreateGauge("process_start_time_seconds", "Start time of the process, in Unix time.")
            .Set(time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        factory.CreateGauge("footfall_build_info", "1, with the version as a label.", ["version", "runtime"])
            .WithLabels(BuildInfo.Version, RuntimeInformation.FrameworkDescription).Set(1);
    }

    /// <summary>Reads the values again; called before each collection.</summary>
    public void Update()
    {
        using var process = Process.GetCurrentProcess();
        _resident.Set(process.WorkingSet64);
        _virtual.Set(process.VirtualMemorySize64);
        _threads.Set(process.Threads.Count);
        _processor.IncTo(process.TotalProcessorTime.TotalSeconds);
        _uptime.Set(_time.GetElapsedTime(_started).TotalSeconds);
        _heap.Set(GC.GetTotalMemory(forceFullCollection: false));
        _allocated.IncTo(GC.GetTotalAllocatedBytes());
        _pause.IncTo(GC.GetTotalPauseDuration().TotalSeconds);
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            _collections.WithLabels($"{generation}").IncTo(GC.CollectionCount(generation));
    }
}
