using System.Buffers.Text;
using System.Text.Json;
using Footfall.Words;

namespace Footfall.Collect.Events;

/// <summary>Reads the screen of a hit: the width in CSS pixels as a number, or width and height as a text (<c>1440x900</c>).</summary>
internal static class ScreenParser
{
    /// <summary>The widest screen, in CSS pixels.</summary>
    public const int Widest = 100_000;

    /// <param name="size">The class of the width: <c>Mobile</c> below 576, <c>Tablet</c> below 992, <c>Laptop</c> below 1,440, else <c>Desktop</c>, as Plausible has them; empty for none.</param>
    public static Refused Read(scoped ref Utf8JsonReader reader, HitScratch scratch, out ReadOnlySpan<byte> size)
    {
        size = default;
        var refused = JsonFields.Text(ref reader, scratch, "screen", HitLimits.Screen, out var text);
        if (refused != Refused.None || text.IsEmpty) return refused;
        var cross = text.IndexOfAny((byte)'x', (byte)'X');
        if (cross >= 0 && !TryPixels(text[(cross + 1)..], out _) || !TryPixels(cross < 0 ? text : text[..cross], out var width))
            return new(RejectReason.InvalidField, "screen");
        size = width switch
        {
            < 576 => "Mobile"u8,
            < 992 => "Tablet"u8,
            < 1_440 => "Laptop"u8,
            _ => "Desktop"u8,
        };
        return Refused.None;
    }

    private static bool TryPixels(ReadOnlySpan<byte> text, out double pixels) =>
        Utf8Parser.TryParse(text, out pixels, out var read) && read == text.Length && pixels is > 0 and <= Widest;
}
