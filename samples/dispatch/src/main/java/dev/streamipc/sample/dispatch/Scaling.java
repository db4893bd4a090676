package dev.streamipc.sample.dispatch;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/** Makes pictures smaller, in a worker. */
final class Scaling {

    private Scaling() {}

    static Scaled scale(Scale task) throws IOException {
        BufferedImage small = smaller(read(new File(task.source()), task.edge()), task.edge());
        try {
            write(small, Path.of(task.target()));
        } catch (IOException full) {
            throw new UncheckedIOException("can't be written: cause=" + full, full);
        }
        return new Scaled(small.getWidth(), small.getHeight());
    }

    private static void write(BufferedImage small, Path target) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        Path aside = Files.createTempFile(Files.createDirectories(parent), ".", ".part");
        try {
            ImageIO.write(small, "png", aside.toFile());
            Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    /** Leaves out pixels of one that is far too large already as it reads, so that no picture fills the heap. */
    private static BufferedImage read(File source, int edge) throws IOException {
        try (ImageInputStream in = new FileImageInputStream(source)) { // that of ImageIO hides why it can't be read
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("not a picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                int step = Math.max(1, Math.max(reader.getWidth(0), reader.getHeight(0)) / (2 * edge));
                ImageReadParam every = reader.getDefaultReadParam();
                every.setSourceSubsampling(step, step, 0, 0);
                return reader.read(0, every);
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage smaller(BufferedImage picture, int edge) {
        double factor = Math.min(1, (double) edge / Math.max(picture.getWidth(), picture.getHeight()));
        int width = Math.max(1, (int) Math.round(picture.getWidth() * factor));
        int height = Math.max(1, (int) Math.round(picture.getHeight() * factor));
        boolean hasHoles = picture.getColorModel().hasAlpha();
        BufferedImage small =
                new BufferedImage(width, height, hasHoles ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = small.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        pen.drawImage(picture, 0, 0, width, height, null);
        pen.dispose();
        return small;
    }
}
