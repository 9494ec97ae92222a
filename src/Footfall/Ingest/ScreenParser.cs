using System.Buffers.Text;
using System.Text.Json;
using Footfall.Common;

namespace Footfall.Ingest;

/// <summary>Reads the screen of a hit: the width in CSS pixels as a number, or width and height as a text (<c>1440x900</c>).</summary>
internal static class ScreenParser
{
    /// <summary>The widest screen, in CSS pixels.</summary>
    public const int MaxWidth = 100_000;

    /// <param name="size">The class of the width: <c>Mobile</c> below 576, <c>Tablet</c> below 992, <c>Laptop</c> below 1,440, else
    /// <c>Desktop</c>, as Plausible has them; empty for none.</param>
    public static FieldRejection Read(scoped ref Utf8JsonReader reader, ParseBuffers buffers, out ReadOnlySpan<byte> size)
    {
        size = default;
        var rejection = JsonFieldReader.ReadText(ref reader, buffers, "screen", HitLimits.Screen, out var text);
        if (rejection != FieldRejection.None || text.IsEmpty) return rejection;
        var cross = text.IndexOfAny((byte)'x', (byte)'X');
        if (cross >= 0 && !TryParsePixels(text[(cross + 1)..], out _) || !TryParsePixels(cross < 0 ? text : text[..cross], out var width))
            return new(RejectReason.InvalidField, "screen");
        size = width switch
        {
            < 576 => "Mobile"u8,
            < 992 => "Tablet"u8,
            < 1_440 => "Laptop"u8,
            _ => "Desktop"u8,
        };
        return FieldRejection.None;
    }

    private static bool TryParsePixels(ReadOnlySpan<byte> text, out double pixels) =>
        Utf8Parser.TryParse(text, out pixels, out var read) && read == text.Length && pixels is > 0 and <= MaxWidth;
}
